"""Committees, head counts and employers: history by date, from pages and from Excel."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_take_back, import_write
from portal.organizations.models import Employer, HeadCount, WomenCommittee
from portal.organizations.services.employers import employer_create, employer_update
from portal.organizations.services.facts import committee_end, committee_record, head_count_record
from portal.organizations.services.organizations import organization_update
from tests.exchange import files
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
USCC = "91110000600037341L"
COUNTS = {"workers": 100, "women_workers": 40, "members": 90, "women_members": 38}


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


@pytest.fixture
def city():
    return make_organization(name="示例市总工会")


@pytest.fixture
def unit(city):
    return make_unit(city, name="示例一厂工会", uscc=USCC)


def record(unit, term_from, **fields):
    fields = {"kind": "committee", "term_years": 5, **fields}
    return committee_record(actor=None, organization=unit, term_from=term_from, **fields)


def terms(unit):
    return list(unit.committees.order_by("term_from").values_list("kind", "term_from", "term_ends_on", "ended_on"))


def test_a_new_term_ends_the_one_before(unit):
    record(unit, date(2016, 2, 29), founded_on=date(2001, 1, 1))
    record(unit, date(2021, 3, 1))
    record(unit, date(2024, 3, 1), kind="commissioner")
    assert terms(unit) == [
        ("committee", date(2016, 2, 29), date(2021, 2, 28), date(2021, 3, 1)),
        ("committee", date(2021, 3, 1), date(2026, 3, 1), date(2024, 3, 1)),
        ("commissioner", date(2024, 3, 1), None, None),
    ]
    committee_end(actor=None, organization=unit, on=date(2025, 1, 1))
    assert terms(unit)[-1][-1] == date(2025, 1, 1)
    assert AuditEntry.objects.filter(action__startswith="committee.").count() == 4


def test_terms_that_cannot_be(unit):
    record(unit, date(2021, 3, 1))
    before = terms(unit)
    future = timezone.localdate() + timedelta(days=1)
    for day, code in ((date(2021, 3, 1), "later-term"), (date(2020, 1, 1), "later-term"), (future, "future")):
        with pytest.raises(DomainError) as refusal:
            record(unit, day)
        assert refusal.value.code == code
    with pytest.raises(ValidationError), transaction.atomic():
        record(unit, date(2022, 1, 1), founded_on=date(2023, 1, 1))
    with pytest.raises(DomainError):
        committee_end(actor=None, organization=unit, on=date(2021, 3, 1))
    assert terms(unit) == before
    with pytest.raises(IntegrityError), transaction.atomic():
        WomenCommittee.objects.create(organization=unit, term_from=date(2022, 1, 1))


def test_counts_are_kept_by_day(unit):
    head_count_record(actor=None, organization=unit, on=date(2025, 6, 30), **COUNTS)
    head_count_record(actor=None, organization=unit, on=date(2025, 12, 31), **COUNTS)
    head_count_record(actor=None, organization=unit, on=date(2025, 6, 30), **{**COUNTS, "women_workers": 41})
    assert list(unit.head_counts.order_by("on").values_list("on", "women_workers")) == [
        (date(2025, 6, 30), 41),
        (date(2025, 12, 31), 40),
    ]
    assert AuditEntry.objects.latest("pk").fields == ["on", "women_workers"]
    with pytest.raises(ValidationError), transaction.atomic():
        head_count_record(actor=None, organization=unit, on=date(2024, 1, 1), **{**COUNTS, "women_workers": 101})
    assert unit.head_counts.count() == 2


def test_an_employer_has_its_organisations(city, unit):
    row = employer_create(actor=None, organization=city, name="示例公司", uscc=USCC)
    organization_update(actor=None, organization=unit, version=1, employer=row, industry="C")
    assert list(row.organizations.all()) == [unit]
    with pytest.raises(ValidationError), transaction.atomic():
        employer_create(actor=None, organization=city, name="又一公司", uscc=USCC)
    employer_update(actor=None, employer=row, version=1, name="新名公司")
    with pytest.raises(Conflict):
        employer_update(actor=None, employer=row, version=1, name="别名公司")
    assert Employer.objects.get().name == "新名公司"


def test_an_employer_is_seen_by_who_sees_its_organisation(city, unit):
    row = employer_create(actor=None, organization=city, name="示例公司")
    own, neighbour = make_staff(unit), make_staff(make_organization())
    assert row in Employer.objects.visible_to(make_staff(city))
    assert row not in Employer.objects.visible_to(own)
    organization_update(actor=None, organization=unit, version=1, employer=row)
    assert row in Employer.objects.visible_to(own)
    assert row not in Employer.objects.visible_to(neighbour)


def bring_in(city, register, headings, rows):
    actor = make_staff(city)
    run = import_start(
        actor=actor,
        organization=city,
        register=registers()[register],
        upload=files.upload(files.xlsx([headings, *rows])),
    )
    import_check(run.job)
    run.refresh_from_db()
    if run.state == RunState.CHECKED_CLEAN:
        run = import_confirm(run=run, actor=actor)
        import_write(run.job)
        run.refresh_from_db()
    return run, actor


HEADS = ["Organisation", "Social credit code", "On", "Workers", "Women workers", "Union members", "Women members"]


def test_head_counts_come_from_excel(city, unit):
    two = make_unit(city, name="示例二厂工会")
    head_count_record(actor=None, organization=two, on=date(2025, 6, 30), **COUNTS)
    rows = [
        ["", USCC, "2025-06-30", 10, 5, 9, 4],
        ["示例二厂工会", "", "2025-06-30", 10, 5, 9, 4],
        ["示例二厂工会", "", "2025-12-31", 10, 5, 9, 4],
    ]
    run, actor = bring_in(city, "organizations.head-counts", HEADS, rows)
    assert (run.state, run.known, run.added) == (RunState.IMPORTED, 1, 2)
    assert unit.head_counts.get().women_workers == 5
    import_take_back(run=run, actor=actor)
    assert HeadCount.objects.get().organization == two


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["无名工会", "", "2025-06-30", 10, 5, 9, 4], "name"),
        (["邻市一厂工会", "", "2025-06-30", 10, 5, 9, 4], "name"),
        (["", "91350100M000100Y43", "2025-06-30", 10, 5, 9, 4], "uscc"),
        (["示例一厂工会", "", "2025-06-30", 10, 11, 9, 4], "women_workers"),
        (["示例一厂工会", "", "2099-06-30", 10, 5, 9, 4], "on"),
        (["示例一厂工会", "", "2025-06-30", -1, 5, 9, 4], "workers"),
    ],
)
def test_a_wrong_count_is_named_and_nothing_is_written(city, unit, row, column):
    make_unit(name="邻市一厂工会", uscc="91350100M000100Y43")
    run, _actor = bring_in(city, "organizations.head-counts", HEADS, [row])
    assert (run.state, {fault["column"] for fault in run.faults}) == (RunState.CHECKED_FAULTY, {column})
    assert not HeadCount.objects.exists()


TERMS = ["Organisation", "Kind", "This term begins", "Years of a term"]


def test_committees_come_from_excel_and_go_back(city, unit):
    two = make_unit(city, name="示例二厂工会")
    record(unit, date(2019, 5, 1))
    rows = [
        ["示例一厂工会", "Women workers' committee", "2024-05-01", 5],
        ["示例二厂工会", "Women workers' commissioner", "2023-05-01", ""],
    ]
    run, actor = bring_in(city, "organizations.committees", TERMS, rows)
    assert (run.state, run.added) == (RunState.IMPORTED, 2)
    assert terms(unit)[0][-1] == date(2024, 5, 1)
    assert terms(two) == [("commissioner", date(2023, 5, 1), None, None)]
    import_take_back(run=run, actor=actor)
    assert (len(terms(unit)), terms(unit)[0][-1], terms(two)) == (1, None, [])


def test_a_term_before_the_last_is_wrong(city, unit):
    record(unit, date(2024, 5, 1))
    rows = [["示例一厂工会", "Women workers' committee", "2020-05-01", 5]]
    run, _actor = bring_in(city, "organizations.committees", TERMS, rows)
    assert (run.state, {fault["column"] for fault in run.faults}) == (RunState.CHECKED_FAULTY, {"term_from"})
    assert WomenCommittee.objects.count() == 1
