"""A rule refuses people without any permission by itself.

It never relies on the page having found the row.
"""

import importlib
import inspect
from pathlib import Path

import pytest

from portal.core.discovery import declared
from portal.core.roles import Role
from portal.notices.choices import NoticeState
from tests.factories.members import make_child, make_duty, make_member, make_staff, make_transfer, make_vouching
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.layout.objects import Home

pytestmark = pytest.mark.django_db
TESTS = Path(__file__).parents[1]


def notice(home, state, **fields):
    return make_notice(home.city, created_by=home.chair, state=state, **fields)


def child(home):
    guardian = make_member(organization=home.city)
    return make_child(guardian), guardian


# Rule -> object of the home city, or a pair of it and the entitled person where that is not the chair of the city.
RULES = {
    "notices": {
        "can_edit_notice": lambda home: notice(home, NoticeState.DRAFT),
        "can_change_notice": lambda home: notice(home, NoticeState.DRAFT),
        "can_approve_notice": lambda home: (notice(home, NoticeState.SUBMITTED), make_staff(home.city)),
        "can_withdraw_notice": lambda home: notice(home, NoticeState.PUBLISHED),
    },
    "statistics": {
        name: lambda home: home.city for name in ("can_read_figures", "can_set_targets", "can_export_figures")
    },
    "members": {
        "administers": lambda home: (None, make_staff(make_province(), role=Role.SYSTEM_ADMINISTRATOR)),
        "enters_people": None,
        "appoints_somewhere": None,
        "can_end_duty": lambda home: make_duty(make_member(organization=home.city), home.city),
        "can_hand_over": lambda home: make_duty(make_member(organization=home.city), home.city),
        "can_restore": lambda home: make_member(organization=home.city),
        "can_change_phone": lambda home: make_member(organization=home.city),
        "can_vouch": lambda home: make_vouching(home.city),
        "can_prolong": lambda home: make_member(organization=home.city),
        "can_edit_member": lambda home: make_member(organization=home.city),
        "can_dispute": lambda home: make_member(organization=home.city),
        "can_decide_transfer": lambda home: make_transfer(make_member(organization=home.city), make_organization()),
        "can_withdraw_transfer": lambda home: make_transfer(make_member(make_organization()), home.city),
        "reads_left_roster": lambda home: make_transfer(make_member(organization=home.city), make_organization()),
        "can_edit_child": child,
    },
}
# Rules whose object needs a job, a file or a second proposer: each has a test of its own, named here.
ELSEWHERE = {
    "can_fill": "tests/exchange/test_services.py",
    "can_edit_run": "tests/exchange/test_services.py",
    "can_confirm_run": "tests/exchange/test_views.py",
    "can_discard_run": "tests/exchange/test_views.py",
    "can_take_back_run": "tests/exchange/test_views.py",
    "can_judge_export": "tests/exchange/test_exports.py",
    "has_asked": "tests/exchange/test_exports.py",
    "can_fetch_export": "tests/exchange/test_exports.py",
    "may_give": "tests/members/test_duties.py",
    "may_second": "tests/members/test_appointing.py",
    "can_decide_appointment": "tests/members/test_appointing.py",
    "can_withdraw_appointment": "tests/members/test_appointing.py",
    "can_withdraw_phone": "tests/attacks/test_accounts.py",
    "is_own_phone_change": "tests/attacks/test_accounts.py",
}


def tables():
    """Return the rule tables of the shared packages and of the areas: app label -> {rule: builder}."""
    found = dict(RULES)
    for path in sorted(TESTS.glob("*/rule_table.py")):
        found[path.parent.name] = importlib.import_module(f"tests.{path.parent.name}.rule_table").RULES
    return found


def rules():
    """Yield (app label, name, rule) for every rule.

    A rule is a public function whose first parameter is the actor.
    """
    for module in declared("rules"):
        for name, rule in vars(module).items():
            is_own = callable(rule) and getattr(rule, "__module__", "") == module.__name__
            if is_own and not name.startswith("_") and next(iter(inspect.signature(rule).parameters), "") == "actor":
                yield module.__name__.split(".")[-2], name, rule


NAMED = [pytest.param(label, rule, id=f"{label}.{name}") for label, name, rule in rules() if name not in ELSEWHERE]


def test_every_rule_stands_in_a_table():
    known = tables()
    missing = [f"{label}.{name}" for label, name, _rule in rules() if name not in {**known.get(label, {}), **ELSEWHERE}]
    assert missing == []
    assert [path for path in ELSEWHERE.values() if not (TESTS.parent / path).exists()] == []


@pytest.mark.parametrize(("label", "rule"), NAMED)
def test_it_lets_in_whom_it_is_for_and_nobody_without_a_right(label, rule, request):
    city = make_organization()
    home = Home(city, make_staff(city))
    build = tables()[label][request.node.callspec.id.rpartition(".")[2]]
    made = build(home) if build else None
    row, entitled = made if isinstance(made, tuple) else (made, home.chair)
    given = [row] if len(inspect.signature(rule).parameters) > 1 else []
    colleague, elsewhere = make_member(organization=city), make_member(organization=make_unit())
    neighbour = make_staff(make_organization())
    far = [] if build is None or (label == "members" and row is None) else [neighbour]
    assert rule(entitled, *given)
    assert [bool(rule(who, *given)) for who in (colleague, elsewhere, *far)] == [False, False, *(False for _ in far)]
