"""The import from the upload to the rows and back: all or nothing, and every wrong cell is named."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone, translation

from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.exchange.choices import RunState
from portal.exchange.models import ImportRun, StoredFile
from portal.exchange.services.imports import (
    MAX_UPLOAD_BYTES,
    import_check,
    import_confirm,
    import_discard,
    import_start,
    import_take_back,
    import_write,
)
from portal.exchange.services.sweeping import files_sweep
from portal.messaging.choices import JobState
from portal.messaging.models import Job, Message
from portal.messaging.services.jobs import job_run
from portal.organizations.models import Region
from tests.exchange import files
from tests.exchange.people import HEADINGS, identity, person
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    city = make_organization(name="City A")
    make_unit(city, name="Unit A")
    make_unit(make_organization(name="City B"), name="Unit B")
    return city


@pytest.fixture
def cadre(city):
    return make_staff(city, role=Role.CADRE)


def start(people, city, cadre, data, name="roster.xlsx"):
    with translation.override("en"):
        return import_start(actor=cadre, organization=city, register=people, upload=files.upload(data, name))


def work(run, task):
    """Run the submitted job as the worker does; return the run afterwards."""
    job_run(job_id=run.job_id, work=task)
    return ImportRun.objects.get(pk=run.pk)


def checked(people, city, cadre, data, name="roster.xlsx"):
    return work(start(people, city, cadre, data, name), import_check)


def confirmed(run, cadre):
    return work(import_confirm(run=run, actor=cadre), import_write)


def written():
    return Region.objects.filter(code__startswith="P").count()


def rows_of(*people_rows):
    return files.xlsx([HEADINGS, *people_rows])


def stored(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def found(run):
    """Return the faults as (line, column, level)."""
    return [(fault["line"], fault["column"], fault["level"]) for fault in run.faults]


def test_a_clean_file_goes_in_once(people, city, cadre, private_storage):
    data = rows_of(*(person(number) for number in range(1, 21)))
    run = checked(people, city, cadre, data)
    assert (run.state, run.rows, run.fault_count, written()) == (RunState.CHECKED_CLEAN, 20, 0, 0)
    run = confirmed(run, cadre)
    assert (run.state, run.added, len(run.row_ids), written()) == (RunState.IMPORTED, 20, 20, 20)
    assert run.summary == "20 lines are new."
    assert AuditEntry.objects.get(action="exchange.import").data["ids"] == run.row_ids
    assert run.job.state == JobState.DONE
    assert [message.context["state"] for message in Message.objects.filter(recipient=cadre).order_by("id")] == [
        "checked_clean",
        "imported",
    ]

    again = checked(people, city, cadre, data)
    assert (again.state, written()) == (RunState.REPEATED, 20)
    assert again.summary.startswith("This same file was already imported on ")


def test_an_import_that_is_taken_back_while_the_file_is_checked_is_still_named(people, city, cadre):
    data = rows_of(person(1), person(2))
    earlier = confirmed(checked(people, city, cadre, data), cadre)
    again = start(people, city, cadre, data)

    def taken_back(execute, sql, parameters, many, context):
        answer = execute(sql, parameters, many, context)
        if '"sha256" = ' in sql:
            ImportRun.objects.filter(pk=earlier.pk).update(state=RunState.TAKEN_BACK)
        return answer

    with connection.execute_wrapper(taken_back):
        again = work(again, import_check)
    assert again.state == RunState.REPEATED


def test_lines_that_are_there_already_are_left_out(people, city, cadre):
    confirmed(checked(people, city, cadre, rows_of(person(1), person(2))), cadre)
    run = checked(people, city, cadre, rows_of(person(1), person(2), person(3)))
    assert (run.state, run.known, found(run)) == (
        RunState.CHECKED_CLEAN,
        2,
        [(2, "identity_number", "known"), (3, "identity_number", "known")],
    )
    assert (confirmed(run, cadre).added, written()) == (1, 3)


FAULTS = {
    # name of the fault: (column, cell, expected columns)
    "no name": ("name", "", ["name"]),
    "name of 300 characters": ("name", "王" * 300, ["name"]),
    "long text": ("note", "x" * 2500, ["note"]),
    "note over the form's limit": ("note", "x" * 300, ["note"]),
    "unknown sex": ("sex", "woman", ["sex"]),
    "no sex": ("sex", None, ["sex"]),
    "wrong check digit": (
        "identity_number",
        identity(900)[:17] + ("1" if identity(900)[17] != "1" else "2"),
        ["identity_number"],
    ),
    "identity number too short": ("identity_number", "99999919900307123", ["identity_number"]),
    "15 digits": ("identity_number", "999999900307123", ["identity_number"]),
    "identity number as a number": ("identity_number", 999999199003071234, ["identity_number"]),
    "scientific notation": ("identity_number", "9.99999199003071E+17", ["identity_number"]),
    "birth date in it does not exist": ("identity_number", identity(901, born="19900231"), ["identity_number"]),
    "birth date in it lies ahead": ("identity_number", identity(902, born="20991231"), ["identity_number"]),
    "letters in the phone": ("phone", "1200000000X", ["phone"]),
    "phone too short": ("phone", "1200000", ["phone"]),
    "phone as a date": ("phone", datetime.date(2026, 1, 2), ["phone"]),
    "Excel error": ("phone", "#N/A", ["phone"]),
    "formula": ("phone", "=1+1", ["phone"]),
    "full-width formula": ("note", "＝1+1", ["note"]),
    "no such day": ("birth_date", "1990-02-31", ["birth_date"]),
    "no date": ("birth_date", "soon", ["birth_date"]),
    "date as a serial number": ("birth_date", 32939, ["birth_date"]),
    "other birth date": ("birth_date", "1990/03/08", ["birth_date"]),
    "birth date before 1900": ("birth_date", "1890-03-07", ["birth_date"]),
    "unknown unit": ("unit", "Unit Z", ["unit"]),
    "another city's unit": ("unit", "Unit B", ["unit"]),
    "children in words": ("children", "two", ["children"]),
    "too many children": ("children", 99, ["children"]),
    "children in parts": ("children", 1.5, ["children"]),
    "negative children": ("children", -1, ["children"]),
}
SOUND = {
    "full-width digits": ("phone", "１２０００００９００１"),
    "phone as a number": ("phone", 12000009002.0),
    "phone with blanks": ("phone", " 120 0000 9003 "),
    "date with points": ("birth_date", "1970.3.7"),
    "date in Chinese": ("birth_date", "1970年3月7日"),
    "date in eight digits": ("birth_date", "19700307"),
    "trailing blanks": ("unit", "Unit A  "),
    "sex as a value": ("sex", "female"),
    "children as text": ("children", "２"),
}


def thousand(cells):
    """Return 1,000 rows, with ``cells`` (column, value) set one by one in the first of them."""
    lines = [person(number) for number in range(1, 1001)]
    for line, (column, value) in enumerate(cells):
        at = ["name", "sex", "identity_number", "phone", "birth_date", "unit", "children", "note"].index(column)
        lines[line][at] = value
    return lines


def test_every_wrong_cell_of_a_thousand_lines_is_found(
    people, city, cadre, private_storage, django_capture_on_commit_callbacks
):
    sound = list(SOUND.values())
    wrong = [(column, value) for column, value, _columns in FAULTS.values()]
    lines = thousand([*wrong, *sound])
    expected = set()
    for line, (_column, _value, columns) in enumerate(FAULTS.values(), start=2):
        expected |= {(line, column, "fault") for column in columns}
    lines[500][3] = lines[499][3]
    lines[600][2] = lines[599][2]
    lines[700][2] = identity(700, born="19700307", area="110101")
    expected |= {(502, "phone", "fault"), (602, "identity_number", "fault"), (702, "identity_number", "warning")}
    expected |= {(802, "name", "fault"), (803, "name", "fault")}

    def change(book, sheet):
        sheet.cell(list(FAULTS).index("Excel error") + 2, 4).data_type = "e"
        sheet.merge_cells("A802:A803")

    data = files.with_dimension(files.xlsx([HEADINGS, *lines], change=change), "A1:B2")
    with django_capture_on_commit_callbacks(execute=True):
        run = checked(people, city, cadre, data)
    assert run.state == RunState.CHECKED_FAULTY
    assert set(found(run)) == expected
    assert len(FAULTS) >= 25
    assert (run.rows, written()) == (1000, 0)
    assert run.fault_count == len([one for one in expected if one[2] == "fault"])
    assert run.summary.startswith(f"{run.fault_count} lines must be corrected")
    assert stored(private_storage) == []

    # The stored faults reveal no number and no name.
    kept = str(run.faults)
    assert identity(901, born="19900231") not in kept
    assert lines[499][3] not in kept
    assert "120****" in kept

    lines = thousand(sound)
    run = checked(people, city, cadre, files.xlsx([HEADINGS, *lines]))
    assert (run.state, run.faults) == (RunState.CHECKED_CLEAN, [])
    assert confirmed(run, cadre).added == written() == 1000
    assert Region.objects.filter(short_name__in=["12000009001", "12000009002", "12000009003"]).count() == 3


def test_cell_and_advice_are_told(people, city, cadre):
    run = checked(people, city, cadre, rows_of(person(1, identity_number=999999199003071234)))
    (fault,) = run.faults
    assert (fault["cell"], fault["label"]) == ("C2", "Identity number")
    assert "last digits are lost" in fault["reason"]
    assert "as text" in fault["advice"]


def test_columns_in_any_order_and_language(people, city, cadre):
    line = person(1)
    data = files.xlsx(
        [
            ["某市单身职工名册"],
            ["备注栏", "出生日期*", "单位", "手机", "身份证号", "性别", " 姓 名 "],
            ["x", line[4], line[5], line[3], line[2], "女", line[0]],
        ]
    )
    run = checked(people, city, cadre, data)
    assert (run.state, run.rows) == (RunState.CHECKED_CLEAN, 1)
    assert run.hints == [
        "The column “备注栏” is not part of this register and was not read.",
        "The column “Children” is not in the file and stays empty.",
        "The column “Note” is not in the file and stays empty.",
    ]


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (["Name", "Sex", "Phone", "Birth date", "Unit"], "These columns are missing: Identity number."),
        ([*HEADINGS, "Phone"], "The column “Phone” is in the file twice."),
        (["a", "b", "c"], "No row with the headings"),
    ],
)
def test_wrong_headings_are_named(people, city, cadre, headings, words):
    run = checked(people, city, cadre, files.xlsx([headings, ["x"] * len(headings)]))
    assert run.state == RunState.UNREADABLE
    assert run.summary.startswith(words)


def test_headings_alone_are_no_list(people, city, cadre):
    assert checked(people, city, cadre, files.xlsx([HEADINGS])).state == RunState.UNREADABLE


def test_a_csv_goes_in(people, city, cadre):
    line = [str(value) for value in person(1)]
    text = ",".join(HEADINGS) + "\n" + ",".join(line) + "\n"
    run = checked(people, city, cadre, text.encode("gb18030"), "roster.csv")
    assert (run.state, run.rows) == (RunState.CHECKED_CLEAN, 1)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f"])
def test_characters_nobody_sees_are_a_wrong_cell(people, city, cadre, character):
    line = [str(value) for value in person(1, note=f"a{character}b")]
    text = ",".join(HEADINGS) + "\n" + ",".join(line) + "\n"
    run = checked(people, city, cadre, text.encode(), "roster.csv")
    assert (run.state, found(run)) == (RunState.CHECKED_FAULTY, [(2, "note", "fault")])


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (files.OLE, "roster.xls", "old_excel"),
        (files.OLE, "roster.xlsx", "old_excel"),
        (files.PDF, "roster.xlsx", "wrong_kind"),
        (files.xlsx([HEADINGS]), "roster.pdf", "wrong-name"),
        (files.xlsx([HEADINGS]), "roster.csv", "name-and-content"),
        (b"a,b\n1,2\n", "roster.xlsx", "name-and-content"),
        (files.zip_bomb(), "roster.xlsx", "zip_bomb"),
        (files.heavy_string(), "roster.xlsx", "zip_bomb"),
        (files.with_member(files.xlsx([HEADINGS]), "xl/vbaProject.bin", b"x"), "roster.xlsm", "macros"),
        (files.with_member(b"", "a.txt", "x"), "roster.xlsx", "no_workbook"),
        (files.png_header(50_000, 50_000), "roster.xlsx", "wrong_kind"),
        (b"x" * (MAX_UPLOAD_BYTES + 1), "roster.csv", "too-heavy"),
        (b"", "roster.csv", "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_refusal_at_the_door_leaves_nothing(people, city, cadre, private_storage, data, name, code):
    with pytest.raises(DomainError) as caught:
        start(people, city, cadre, data, name)
    assert caught.value.code == code
    assert (ImportRun.objects.count(), StoredFile.objects.count(), Job.objects.count()) == (0, 0, 0)
    assert stored(private_storage) == []


def test_a_file_without_a_size_is_refused(people, city, cadre):
    upload = files.upload(rows_of(person(1)), "roster.xlsx")
    upload.size = None
    with pytest.raises(DomainError) as caught:
        import_start(actor=cadre, organization=city, register=people, upload=upload)
    assert caught.value.code == "too-heavy"


def test_a_far_cell_is_refused_by_the_job(people, city, cadre):
    data = files.with_cells(rows_of(person(1)), '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    run = checked(people, city, cadre, data)
    assert (run.state, run.job.state) == (RunState.UNREADABLE, JobState.DONE)
    assert "far to the right" in run.summary


def test_a_hidden_sheet_is_named(people, city, cadre):
    def change(book, sheet):
        book.create_sheet("Old").sheet_state = "hidden"

    run = checked(people, city, cadre, files.xlsx([HEADINGS, person(1)], change=change))
    assert run.hints == ["The hidden sheet “Old” was not read."]


def test_the_name_of_a_file_is_harmless(people, city, cadre, private_storage):
    run = start(people, city, cadre, rows_of(person(1)), "..\\..\\etc/pass\x00wd" + "长" * 300 + ".xlsx")
    assert len(run.file.name) == 100
    assert run.file.name.endswith(".xlsx")
    assert not set(run.file.name) & set("/\\\x00")
    (path,) = stored(private_storage)
    assert (path.name, path.stat().st_mode & 0o777) == (run.file.key, 0o600)


def test_nobody_starts_outside_her_reach(people, city, cadre, private_storage):
    other = make_organization()
    with pytest.raises(DomainError) as caught:
        start(people, other, cadre, rows_of(person(1)))
    assert caught.value.code == "not-yours"
    assert stored(private_storage) == []


def test_a_right_that_ended_stops_the_writing(people, city, cadre, private_storage):
    run = checked(people, city, cadre, rows_of(person(1)))
    run = import_confirm(run=run, actor=cadre)
    cadre.duty_set.update(valid_from="2020-01-01", valid_until="2020-02-01")
    run = work(run, import_write)
    assert (run.state, written()) == (RunState.CHECKED_FAULTY, 0)
    assert run.summary.startswith("You are no longer permitted to fill in this register")


def test_what_others_wrote_meanwhile_stops_all(people, city, cadre):
    run = checked(people, city, cadre, rows_of(person(1), person(2)))
    Region.objects.create(code="P99999", name="x", short_name="12000000002", level=3, valid_from="2020-01-01")
    run = confirmed(run, cadre)
    assert (run.state, written(), found(run)) == (RunState.CHECKED_FAULTY, 1, [(3, "phone", "fault")])


def test_a_broken_rule_of_the_database_stops_all_and_tells_no_value(people, city, cadre, caplog, monkeypatch):
    def write(**given):
        regions = [
            Region(code="P00001", name="n", short_name="canary", level=3, valid_from="2020-01-01")
            for _twice in range(2)
        ]
        Region.objects.bulk_create(regions)

    monkeypatch.setattr(people, "write", write)
    run = confirmed(checked(people, city, cadre, rows_of(person(1))), cadre)
    assert (run.state, written()) == (RunState.CHECKED_FAULTY, 0)
    assert run.summary.startswith("Somebody else has entered the same data in the meantime.")
    assert "P00001" not in caplog.text
    assert "_pkey" in caplog.text


def test_a_job_that_runs_twice_writes_once(people, city, cadre):
    run = import_confirm(run=checked(people, city, cadre, rows_of(person(1))), actor=cadre)
    import_write(run.job)
    import_write(run.job)
    assert written() == 1


def test_confirming_twice_is_one_import(people, city, cadre):
    run = checked(people, city, cadre, rows_of(person(1)))
    other = ImportRun.objects.get(pk=run.pk)
    import_confirm(run=run, actor=cadre)
    with pytest.raises(Conflict):
        import_confirm(run=other, actor=cadre)
    assert Job.objects.filter(kind="exchange.import_write").count() == 1


@pytest.mark.parametrize("state", [state for state in RunState if state != RunState.CHECKED_CLEAN])
def test_only_a_clean_file_is_confirmed(people, city, cadre, state):
    run = checked(people, city, cadre, rows_of(person(1)))
    ImportRun.objects.filter(pk=run.pk).update(state=state)
    with pytest.raises(DomainError):
        import_confirm(run=ImportRun.objects.get(pk=run.pk), actor=cadre)
    assert Job.objects.filter(kind="exchange.import_write").count() == 0


def test_a_clean_file_can_be_put_away(people, city, cadre, private_storage, django_capture_on_commit_callbacks):
    run = checked(people, city, cadre, rows_of(person(1)))
    with django_capture_on_commit_callbacks(execute=True):
        run = import_discard(run=run, actor=cadre)
    assert run.state == RunState.DISCARDED
    assert stored(private_storage) == []


def test_an_import_can_be_taken_back_and_come_again(people, city, cadre):
    data = rows_of(person(1), person(2))
    run = confirmed(checked(people, city, cadre, data), cadre)
    run = import_take_back(run=run, actor=cadre)
    assert (run.state, written()) == (RunState.TAKEN_BACK, 0)
    assert AuditEntry.objects.get(action="exchange.import_take_back").data["rows"] == 2
    assert checked(people, city, cadre, data).state == RunState.CHECKED_CLEAN


def test_an_import_in_use_stays(people, city, cadre):
    run = confirmed(checked(people, city, cadre, rows_of(person(1), person(2))), cadre)
    parent = Region.objects.get(pk=run.row_ids[0])
    Region.objects.create(code="X1", name="x", short_name="x", level=4, parent=parent, valid_from="2020-01-01")
    with pytest.raises(DomainError) as caught:
        import_take_back(run=run, actor=cadre)
    assert caught.value.code == "in-use"
    assert (ImportRun.objects.get(pk=run.pk).state, written()) == (RunState.IMPORTED, 2)


def test_a_stranger_neither_confirms_nor_takes_back(people, city, cadre):
    stranger = make_staff(make_organization(), role=Role.CADRE)
    run = checked(people, city, cadre, rows_of(person(1)))
    for act in (import_confirm, import_discard):
        with pytest.raises(DomainError):
            act(run=run, actor=stranger)
    run = confirmed(run, cadre)
    with pytest.raises(DomainError):
        import_take_back(run=run, actor=stranger)
    assert written() == 1


def test_the_sweep_puts_away_what_nobody_confirmed(
    people, city, cadre, private_storage, django_capture_on_commit_callbacks
):
    kept = checked(people, city, cadre, rows_of(person(1)))
    stale = checked(people, city, cadre, rows_of(person(2)))
    ImportRun.objects.filter(pk=stale.pk).update(created_at=timezone.now() - datetime.timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        files_sweep()
    assert set(ImportRun.objects.values_list("pk", "state")) == {
        (kept.pk, RunState.CHECKED_CLEAN),
        (stale.pk, RunState.DISCARDED),
    }
    assert [path.name for path in stored(private_storage)] == [kept.file.key]


def test_a_run_is_seen_by_who_may_fill_its_register_there(people, city, cadre):
    run = checked(people, city, cadre, rows_of(person(1)))
    chair, reviewer = make_staff(city, role=Role.CHAIR), make_staff(city, role=Role.REVIEWER)
    stranger = make_staff(make_organization(), role=Role.CADRE)
    seen = [list(ImportRun.objects.visible_to(actor)) for actor in (cadre, chair, reviewer, stranger)]
    assert seen == [[run], [run], [], []]
