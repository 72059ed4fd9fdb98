"""The pages of the import kit: five stages, who may open each, and the answer to a hostile upload."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.core.roles import Role
from portal.exchange.choices import RunState
from portal.exchange.models import ImportRun
from portal.exchange.services.imports import MAX_UPLOAD_BYTES, import_check, import_confirm, import_write
from portal.exchange.todo import items_for
from portal.exchange.workbooks import XLSX
from portal.messaging.services.jobs import job_run
from tests.exchange import files
from tests.exchange.people import CODE, HEADINGS, person
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
START = f"/exchange/{CODE}/"


@pytest.fixture
def city():
    city = make_organization(name="City A")
    make_unit(city, name="Unit A")
    return city


@pytest.fixture
def cadre(city):
    return make_staff(city, role=Role.CADRE)


@pytest.fixture
def desk(client, cadre, people):
    sign_in(client, cadre)
    client.cookies["django_language"] = "en"
    return client


def send(client, city, data, name="roster.xlsx"):
    return client.post(START, {"organization": city.pk, "file": files.upload(data, name)})


def checked(client, city, data):
    run = ImportRun.objects.get(pk=send(client, city, data).url.rstrip("/").rpartition("/")[2])
    job_run(job_id=run.job_id, work=import_check)
    run.refresh_from_db()
    return run


def text(response):
    return response.content.decode()


def test_the_five_steps(desk, city):
    assert START in text(desk.get(reverse("exchange:index")))
    page = text(desk.get(START))
    assert f"/exchange/{CODE}/template/" in page
    assert "City A" in page

    response = send(desk, city, files.xlsx([HEADINGS, person(1), person(2)]))
    run = ImportRun.objects.get()
    assert (response.status_code, response.url) == (302, run.get_absolute_url())
    waiting = text(desk.get(response.url))
    assert f"/exchange/runs/{run.pk}/part/" in waiting
    assert "http-equiv" in waiting
    assert "HX-Refresh" not in desk.get(f"/exchange/runs/{run.pk}/part/").headers

    job_run(job_id=run.job_id, work=import_check)
    assert desk.get(f"/exchange/runs/{run.pk}/part/")["HX-Refresh"] == "true"
    assert "Import 2 lines" in text(desk.get(response.url))

    assert desk.post(f"/exchange/runs/{run.pk}/confirm/").status_code == 302
    run.refresh_from_db()
    job_run(job_id=run.job_id, work=import_write)
    result = text(desk.get(response.url))
    assert "2 lines are new." in result
    assert "roster.xlsx" in text(desk.get(reverse("exchange:run-list")))

    assert "Undo the import" in text(desk.get(f"/exchange/runs/{run.pk}/take-back/"))
    assert desk.post(f"/exchange/runs/{run.pk}/take-back/").status_code == 302
    run.refresh_from_db()
    assert run.state == RunState.TAKEN_BACK


def test_wrong_lines_are_shown_masked_and_can_be_downloaded(desk, city):
    lines = [person(number, unit="=HYPERLINK(1)" if number == 1 else "Unit Z") for number in range(1, 101)]
    run = checked(desk, city, files.xlsx([HEADINGS, *lines, person(200, phone="12000000x99")]))
    page = text(desk.get(run.get_absolute_url()))
    assert "101 lines must be corrected" in page
    assert "50 of 101 shown" in page
    assert "Upload corrected file" in page
    assert "12000000X99" not in page.upper()
    response = desk.get(f"/exchange/runs/{run.pk}/faults/")
    assert response["Content-Type"] == XLSX
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet.max_row == 102
    assert sheet["A2"].value == 2
    assert [cell.value for cell in sheet[102]][:4] == [102, "D102", "Phone", "120****0X99"]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_goes_in_as_it_comes(desk, city, language):
    desk.cookies["django_language"] = language
    response = desk.get(f"/exchange/{CODE}/template/")
    assert response["Content-Disposition"] == 'attachment; filename="testspeople-template.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    sheet = book.active
    assert [cell.value for cell in sheet[1]][:3] == ["Name *", "Sex *", "Identity number *"]
    assert sheet["A1"].comment is not None
    assert sheet.column_dimensions["C"].number_format == "@"
    assert book.worksheets[1]["C5"].value == "'+86 120 0000 0001"
    sheet.append(person(1))
    filled = io.BytesIO()
    book.save(filled)
    run = checked(desk, city, filled.getvalue())
    assert (run.state, run.hints) == (RunState.CHECKED_CLEAN, [])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (files.OLE, "roster.xls"),
        (files.zip_bomb(), "roster.xlsx"),
        (files.PDF, "roster.pdf"),
        (b"", "roster.xlsx"),
        (b"x" * (MAX_UPLOAD_BYTES + 1), "roster.csv"),
        (b"<svg onload=alert(1)>", "roster.svg"),
    ],
    ids=["old", "bomb", "pdf", "empty", "heavy", "svg"],
)
def test_a_hostile_upload_is_answered_in_words(desk, city, private_storage, data, name):
    response = send(desk, city, data, name)
    assert response.status_code in (200, 422)
    assert 'role="alert"' in text(response) or "invalid-feedback" in text(response)
    assert ImportRun.objects.count() == 0
    assert list(private_storage.rglob("*")) == [] or not any(path.is_file() for path in private_storage.rglob("*"))


@pytest.mark.parametrize("sent", [{}, {"organization": "x"}, {"organization": "9" * 30}, {"file": "text"}])
def test_a_form_without_file_or_place_is_answered_in_words(desk, sent):
    assert desk.post(START, sent).status_code in (200, 422)
    assert ImportRun.objects.count() == 0


def test_another_citys_place_is_not_offered(desk):
    other = make_organization(name="City B")
    response = send(desk, other, files.xlsx([HEADINGS, person(1)]))
    assert response.status_code in (200, 422)
    assert "City B" not in text(desk.get(f"{START}?organization={other.pk}"))
    assert ImportRun.objects.count() == 0


def test_a_place_further_down_can_be_asked_for(desk, city):
    county = make_organization(parent=city, kind="county", name="County A")
    unit = make_unit(county, name="Unit deep")
    assert "Unit deep" not in text(desk.get(START))
    assert "Unit deep" in text(desk.get(f"{START}?organization={unit.pk}"))


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "²", "1'--"])
def test_a_strange_place_is_no_error(desk, asked):
    assert desk.get(START, {"organization": asked}).status_code == 200


@pytest.fixture
def run(desk, city):
    return checked(desk, city, files.xlsx([HEADINGS, person(1)]))


PAGES = ["", "part/", "faults/", "confirm/", "discard/", "take-back/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_run_opens_to_who_may_fill_its_register_there(client, desk, city, run, page):
    url = f"/exchange/runs/{run.pk}/{page}"
    answers = {}
    for who, member in {
        "cadre": run.uploaded_by,
        "neighbour": make_staff(make_organization(), role=Role.CADRE),
        "reviewer": make_staff(city, role=Role.REVIEWER),
        "member": make_member(city),
    }.items():
        sign_in(client, member)
        answers[who] = client.get(url).status_code
    client.logout()
    answers["visitor"] = client.get(url).status_code
    assert answers == {"cadre": 200, "neighbour": 404, "reviewer": 403, "member": 404, "visitor": 302}


@pytest.mark.parametrize("page", ["confirm/", "discard/", "take-back/"])
def test_a_stranger_changes_nothing(client, desk, run, page):
    sign_in(client, make_staff(make_organization(), role=Role.CADRE))
    assert client.post(f"/exchange/runs/{run.pk}/{page}").status_code == 404
    run.refresh_from_db()
    assert run.state == RunState.CHECKED_CLEAN


def test_a_register_opens_to_who_may_fill_it(client, people, city):
    answers = []
    for member in (make_staff(city, role=Role.REVIEWER), make_staff(city, role=Role.EDITOR), make_member(city)):
        sign_in(client, member)
        answers.append((client.get(START).status_code, client.get(f"{START}template/").status_code))
    assert answers == [(403, 403), (404, 404), (404, 404)]


def test_an_unknown_register_is_not_found(desk):
    assert desk.get("/exchange/no.such/").status_code == 404


def test_an_action_that_is_not_possible_now_is_answered_in_words(desk, run):
    desk.post(f"/exchange/runs/{run.pk}/confirm/")
    response = desk.post(f"/exchange/runs/{run.pk}/discard/")
    assert response.status_code == 422
    assert "cannot be discarded now" in text(response)


def test_a_job_that_was_given_up_can_be_put_away(desk, run):
    import_confirm(run=run, actor=run.uploaded_by)
    ImportRun.objects.get(pk=run.pk).job.__class__.objects.update(state="failed", finished_at="2026-01-01T00:00Z")
    assert "was interrupted" in text(desk.get(run.get_absolute_url()))
    assert desk.post(f"/exchange/runs/{run.pk}/discard/").status_code == 302
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED


@pytest.mark.parametrize("rows", [1, 3])
def test_the_history_asks_the_same_number_of_questions(desk, city, django_assert_max_num_queries, rows):
    for number in range(rows):
        checked(desk, city, files.xlsx([HEADINGS, person(number + 1)]))
    desk.get(reverse("exchange:run-list"))
    with django_assert_max_num_queries(15):
        desk.get(reverse("exchange:run-list"))


def test_a_checked_list_waits_on_her_desk(desk, city, run):
    (item,) = items_for(run.uploaded_by)
    assert (item.url, item.due_at) == (run.get_absolute_url(), run.created_at + timedelta(days=7))
    assert items_for(make_staff(city, role=Role.CADRE)) == []
    desk.post(f"/exchange/runs/{run.pk}/discard/")
    assert items_for(run.uploaded_by) == []
