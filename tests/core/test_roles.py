"""The role table follows the design; the permissions of each role are written by hand in tests/access."""

import pytest

from portal.core.choices import Area, Capability
from portal.core.roles import ADMINISTRATORS, ROLE_TABLE, WORK_AREAS, Role, allows


def test_every_role_has_a_row_of_known_words():
    assert set(ROLE_TABLE) == set(Role)
    for row in ROLE_TABLE.values():
        assert set(row) <= set(Area)
        assert all(capabilities <= set(Capability) for capabilities in row.values())


@pytest.mark.parametrize("role", Role)
def test_whoever_may_do_something_may_see_it(role):
    assert [area for area, capabilities in ROLE_TABLE[role].items() if Capability.VIEW not in capabilities] == []


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_open_no_area(role):
    assert [area for area in WORK_AREAS if allows(role, area, Capability.VIEW)] == []


def test_the_three_administrators_are_apart():
    holders = {
        "system": {role for role in ADMINISTRATORS if allows(role, Area.SYSTEM, Capability.EDIT)},
        "appoint": {role for role in ADMINISTRATORS if allows(role, Area.MEMBERS, Capability.APPOINT)},
        "audit": {role for role in Role if allows(role, Area.AUDIT, Capability.VIEW)},
    }
    assert holders == {
        "system": {Role.SYSTEM_ADMINISTRATOR},
        "appoint": {Role.SECURITY_ADMINISTRATOR},
        "audit": {Role.AUDIT_ADMINISTRATOR},
    }


def test_an_unknown_role_or_area_gives_nothing():
    assert not allows("former_role", Area.MEMBERS, Capability.VIEW)
    assert not allows(Role.CHAIR, "somewhere", Capability.VIEW)


def test_the_table_cannot_be_changed_at_run_time():
    with pytest.raises(TypeError):
        ROLE_TABLE[Role.EDITOR][Area.MEMBERS] = frozenset(Capability)
