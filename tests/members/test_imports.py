"""The roster from Excel.

Wrong rows are listed; the corrected file is imported and can be taken back while its rows are unused.
"""

import pytest

from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_take_back, import_write
from portal.members.models import Member
from portal.organizations.models import Region
from tests.exchange import files
from tests.factories.members import identity_number, make_entry, make_member, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db

HEADINGS = ["Unit", "Name", "Sex", "Identity number", "Mobile number", "Marital status"]


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


@pytest.fixture
def city():
    return make_organization()


@pytest.fixture
def units(city):
    return make_unit(city, name="示例一厂"), make_unit(city, name="示例二厂")


def line(number, unit="示例一厂", **cells):
    row = {
        "unit": unit,
        "name": f"示例单{number}",
        "sex": "女",
        "identity_number": identity_number(number),
        "phone": phone_number(number),
        "marital_status": "",
        **cells,
    }
    return list(row.values())


def roster(*rows):
    """Return a workbook of ``rows`` as bytes; two calls give different bytes."""
    return files.xlsx([HEADINGS, *rows])


def bring_in(city, rows, actor=None, data=None):
    """Upload and check a file, and import it if it has no faults; return the run."""
    actor = actor or make_staff(city)
    run = import_start(
        actor=actor,
        organization=city,
        register=registers()["members.roster"],
        upload=files.upload(data or roster(*rows)),
    )
    import_check(run.job)
    run.refresh_from_db()
    if run.state == RunState.CHECKED_CLEAN:
        run = import_confirm(run=run, actor=actor)
        import_write(run.job)
        run.refresh_from_db()
    return run


def test_a_sound_file_goes_in(city, units):
    rows = [line(1), line(2, unit=" 示例二厂 ", sex="男", identity_number=identity_number(2, sex=Sex.MALE))]

    run = bring_in(city, rows)

    assert (run.state, run.rows, run.added, run.fault_count, run.faults) == (RunState.IMPORTED, 2, 2, 0, [])
    one, two = Member.objects.filter(pk__in=run.row_ids).order_by("name")
    assert (one.organization, one.name, one.sex, one.birth_year) == (units[0], "示例单1", Sex.FEMALE, 1995)
    assert (one.identity_number, one.phone) == (identity_number(1), phone_number(1))
    assert (two.organization, two.sex, two.login_key) == (units[1], Sex.MALE, None)
    entry = AuditEntry.objects.get(action="exchange.import")
    assert entry.data == {"rows": 2, "known": 0, "added": 2, "ids": run.row_ids}


WRONG = {
    "a digit mistyped": (
        {"identity_number": identity_number(5)[:-2] + "1" + identity_number(5)[-1]},
        "identity_number",
    ),
    "a date that does not exist": ({"identity_number": identity_number(5, born="19950230")}, "identity_number"),
    "a number too short": ({"identity_number": "12345"}, "identity_number"),
    "no number": ({"identity_number": ""}, "identity_number"),
    "a phone too short": ({"phone": "1200000"}, "phone"),
    "the other sex": ({"sex": "男"}, "sex"),
    "no sex": ({"sex": "?"}, "sex"),
    "no name": ({"name": ""}, "name"),
    "a name of 300 characters": ({"name": "王" * 300}, "name"),
    "a name that NFKC makes longer": ({"name": "㍿" * 50}, "name"),
    "no such unit": ({"unit": "无名厂"}, "unit"),
    "another city's unit": ({"unit": "邻市一厂"}, "unit"),
    "a double number": ({"identity_number": identity_number(1), "phone": phone_number(77)}, "identity_number"),
    "a double phone": ({"phone": phone_number(1)}, "phone"),
    "another person's phone": ({"phone": phone_number(900)}, "phone"),
    "somebody of another unit": ({"identity_number": identity_number(400)}, "identity_number"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_line_is_named_and_nothing_is_written(city, units, case):
    cells, column = WRONG[case]
    make_unit(name="邻市一厂")
    make_entry(phone=phone_number(900))
    make_entry(make_unit(), identity_kind="resident", identity_number=identity_number(400))
    actor = make_staff(city)
    before = Member.objects.count()

    run = bring_in(city, [line(1), line(5, **cells)], actor)

    assert (run.state, run.added, run.row_ids) == (RunState.CHECKED_FAULTY, 0, [])
    assert {(fault["line"], fault["column"]) for fault in run.faults if fault["level"] == "fault"} == {(3, column)}
    assert all(fault["reason"] for fault in run.faults)
    assert Member.objects.count() == before


def test_the_list_of_faults_shows_no_whole_number(city, units):
    rows = [line(1), line(1), line(2, sex="男"), line(3, phone=phone_number(1))]
    run = bring_in(city, rows)
    assert run.fault_count > 0
    for number in (1, 2, 3):
        assert identity_number(number) not in str(run.faults)
        assert phone_number(number) not in str(run.faults)


def test_the_corrected_file_goes_in_and_the_same_again_adds_nothing(city, units):
    assert bring_in(city, [line(1), line(2, phone="1")]).state == RunState.CHECKED_FAULTY
    data = roster(line(1), line(2))
    assert bring_in(city, [], data=data).added == 2
    assert bring_in(city, [], data=data).state == RunState.REPEATED

    more = bring_in(city, [line(1), line(2), line(3)])
    assert (more.state, more.added, more.known) == (RunState.IMPORTED, 1, 2)
    assert city.members.model.objects.filter(organization=units[0]).count() == 3


def test_somebody_of_another_unit_is_named_without_place_or_name(city, units):
    other = make_unit(name="别处的厂")
    make_entry(other, name="示例隐", identity_kind="resident", identity_number=identity_number(400))
    run = bring_in(city, [line(400)])
    assert run.state == RunState.CHECKED_FAULTY
    assert "别处的厂" not in str(run.faults)
    assert "示例隐" not in str(run.faults)


def test_an_unknown_area_is_a_warning(city, units):
    Region.objects.create(code="230102", name="道里区", short_name="道里", level=3, valid_from="2020-01-01")
    number, known = identity_number(1, area="230199"), identity_number(2, area="230102")
    run = bring_in(city, [line(1, identity_number=number), line(2, identity_number=known)])
    assert (run.state, run.added, run.warning_count) == (RunState.IMPORTED, 2, 1)
    assert [(fault["line"], fault["level"]) for fault in run.faults] == [(2, "warning")]


def test_two_units_of_one_name_are_not_guessed_at(city):
    first = make_organization(city, "county", name="示例一区")
    second = make_organization(city, "county", name="示例二区")
    hers, other = make_unit(first, name="示例一厂"), make_unit(second, name="示例一厂")
    actor = make_staff(city)
    assert bring_in(city, [line(1)], actor).state == RunState.CHECKED_FAULTY
    run = bring_in(first, [line(1)], actor)
    assert run.added == 1
    assert (hers.members.count(), other.members.count()) == (1, 0)


def test_who_may_not_edit_members_there_cannot_bring_a_file(city, units):
    for actor in (make_staff(), make_staff(units[0]), make_member(city)):
        with pytest.raises(DomainError) as refusal:
            bring_in(city, [line(1)], actor)
        assert refusal.value.code == "not-yours"


def test_a_file_is_taken_back_while_nobody_has_used_it(city, units):
    actor = make_staff(city)
    run = bring_in(city, [line(1), line(2)], actor)

    taken = import_take_back(run=run, actor=actor)

    assert taken.state == RunState.TAKEN_BACK
    assert not Member.objects.filter(pk__in=run.row_ids).exists()


def test_a_file_in_use_is_not_taken_back(city, units):
    actor = make_staff(city)
    run = bring_in(city, [line(1), line(2)], actor)
    Member.objects.filter(pk=run.row_ids[0]).update(activated_at=run.created_at)

    with pytest.raises(DomainError) as refusal:
        import_take_back(run=run, actor=actor)

    assert refusal.value.code == "in-use"
    assert Member.objects.filter(pk__in=run.row_ids).count() == 2
