"""The tree: creating, changing and closing organisations."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.choices import Level
from portal.core.errors import Conflict, DomainError
from portal.organizations.choices import LEVELS, OrganizationKind
from portal.organizations.models import Organization, OrganizationLine
from portal.organizations.services.organizations import (
    EPOCH,
    organization_close,
    organization_create,
    organization_update,
)
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.threads import at_once


def create(parent, kind=OrganizationKind.GRASSROOTS, name="示例工会", **fields):
    return organization_create(actor=None, parent=parent, kind=kind, name=name, **fields)


def counts():
    return Organization.objects.count(), OrganizationLine.objects.count(), AuditEntry.objects.count()


@pytest.mark.django_db
def test_an_organisation_is_founded_below_its_parent():
    city = make_organization()
    actor = make_staff(city)
    row = organization_create(
        actor=actor, parent=city, kind=OrganizationKind.COUNTY, name="示例区总工会", founded_on=date(2001, 5, 1)
    )
    assert (row.path, row.level, row.pinyin) == (f"{city.path}{row.pk}/", Level.COUNTY, "shi li qu zong gong hui")
    assert row.ancestor_ids == [make_province().pk, city.pk]
    (line,) = row.lines.all()
    assert (line.path, line.valid_from, line.valid_until) == (row.path, date(2001, 5, 1), None)
    assert AuditEntry.objects.about(row).get().actor == actor


@pytest.mark.django_db
def test_the_province_stands_alone():
    root = create(None, OrganizationKind.PROVINCE)
    assert (root.path, root.ancestor_ids) == (f"/{root.pk}/", [])
    assert root.lines.get().valid_from == EPOCH


@pytest.mark.django_db
@pytest.mark.parametrize("kind", OrganizationKind)
@pytest.mark.parametrize("above", OrganizationKind)
def test_an_organisation_stands_on_a_lower_level_than_its_parent(above, kind):
    parent = make_province() if above == OrganizationKind.PROVINCE else make_organization(kind=above)
    before = counts()
    if LEVELS[kind] > LEVELS[above]:
        assert create(parent, kind).parent == parent
    else:
        with pytest.raises(DomainError) as refusal:
            create(parent, kind)
        assert refusal.value.code == "level"
        assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in OrganizationKind if kind != OrganizationKind.PROVINCE])
def test_only_the_province_has_nothing_above_it(kind):
    before = counts()
    with pytest.raises(DomainError) as refusal:
        create(None, kind)
    assert (refusal.value.code, counts()) == ("no-parent", before)


@pytest.mark.django_db
def test_nothing_is_founded_below_a_closed_one():
    city = make_organization(closed_on=timezone.localdate())
    with pytest.raises(DomainError) as refusal:
        create(city)
    assert refusal.value.code == "parent-closed"


@pytest.mark.django_db
def test_one_open_name_a_parent():
    city = make_organization()
    first = create(city)
    create(make_organization())
    before = counts()
    with pytest.raises(ValidationError):
        create(city)
    assert counts() == before
    organization_close(actor=None, organization=first)
    assert create(city).name == first.name


@pytest.mark.django_db
def test_renaming_onto_a_sibling_is_refused():
    city = make_organization()
    first, second = create(city), create(city, name="示例二厂")
    with pytest.raises(ValidationError):
        organization_update(actor=None, organization=second, version=1, name=first.name)
    assert Organization.objects.get(pk=second.pk).name == "示例二厂"


def test_one_open_name_a_parent_holds_in_the_database(fresh_database):
    city = make_organization()
    answers = at_once(lambda _number: create(city), range(6))
    assert sum(isinstance(answer, Organization) for answer in answers) == 1
    assert city.children.count() == 1


@pytest.mark.django_db
def test_a_change_is_saved_and_on_record():
    unit = make_unit()
    row = organization_update(actor=None, organization=unit, version=1, name="新名工会", short_name="新名")
    assert (row.name, row.pinyin, row.version, row.label) == ("新名工会", "xin ming gong hui", 2, "新名")
    assert AuditEntry.objects.about(unit).get().fields == ["name", "short_name"]


@pytest.mark.django_db
def test_the_second_of_two_edits_is_a_conflict():
    unit = make_unit()
    organization_update(actor=None, organization=unit, version=1, name="甲工会")
    with pytest.raises(Conflict) as refusal:
        organization_update(actor=None, organization=unit, version=1, name="乙工会")
    assert (refusal.value.status, refusal.value.code) == (409, "edited")
    unit.refresh_from_db()
    assert (unit.name, unit.version) == ("甲工会", 2)


def test_of_two_edits_at_once_one_wins(fresh_database):
    unit = make_unit()
    answers = at_once(
        lambda name: organization_update(actor=None, organization=unit, version=1, name=name),
        ["甲工会", "乙工会", "丙工会"],
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Conflict", "Organization"]
    unit.refresh_from_db()
    assert unit.version == 2


@pytest.mark.django_db
def test_closing_keeps_the_history():
    unit = make_unit()
    organization_close(actor=None, organization=unit)
    unit.refresh_from_db()
    today = timezone.localdate()
    assert (unit.closed_on, unit.version) == (today, 2)
    assert unit.lines.get().valid_until == today + timedelta(days=1)
    with pytest.raises(DomainError) as refusal:
        organization_close(actor=None, organization=unit)
    assert refusal.value.code == "closed"


@pytest.mark.django_db
def test_what_has_open_ones_below_is_not_closed():
    city = make_organization()
    unit = make_unit(city)
    with pytest.raises(DomainError) as refusal:
        organization_close(actor=None, organization=city)
    assert refusal.value.code == "has-children"
    organization_close(actor=None, organization=unit)
    organization_close(actor=None, organization=city)
    assert Organization.objects.get(pk=city.pk).closed_on == timezone.localdate()


@pytest.mark.django_db
def test_nothing_closes_before_it_was_founded():
    unit = make_unit(founded_on=timezone.localdate())
    with pytest.raises(ValidationError):
        organization_close(actor=None, organization=unit, on=timezone.localdate() - timedelta(days=1))
    assert Organization.objects.get(pk=unit.pk).closed_on is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"path": "1/2/"},
        {"path": "/1/2"},
        {"kind": "province"},
        {"parent": None},
        {"founded_on": date(2020, 1, 2), "closed_on": date(2020, 1, 1)},
    ],
)
def test_the_database_refuses_a_tree_that_cannot_be(change):
    unit = make_unit()
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=unit.pk).update(**change)


@pytest.mark.django_db
def test_the_database_refuses_two_lines_at_one_time():
    unit = make_unit()
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationLine.objects.create(organization=unit, path=unit.path, valid_from=timezone.localdate())
