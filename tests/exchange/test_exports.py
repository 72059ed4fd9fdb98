"""Exported lists contain only the rows the reader may see.

A long list needs a second person, and the file is no longer available once the duty has ended.
"""

import contextlib
import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError, TooMany
from portal.core.roles import Role
from portal.exchange.choices import ExportState
from portal.exchange.models import ExportRun, StoredFile
from portal.exchange.services.exports import (
    export_decline,
    export_download,
    export_release,
    export_request,
    export_write,
    exports_expire,
)
from portal.exchange.storage import path_of
from portal.exchange.todo import items_for
from portal.members.models import Duty, Member
from portal.messaging.models import Job, Message
from portal.messaging.services.jobs import job_run
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.members import make_entry, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def cadre(city):
    return make_staff(city, role=Role.CADRE, name="王干部")


@pytest.fixture
def people(city):
    """A person of the city's unit whose name Excel would execute; another city has a person too."""
    unit = make_unit(city, name="示例甲厂")
    make_entry(make_unit(make_organization(name="示例乙市总工会")), name="外人")
    return make_entry(unit, name="=HYPERLINK(1)", phone=phone_number(77))


def ask(actor, address="/members/", file_format="csv", here=None, reason="给上级的年报"):
    with translation.override("zh-hans"):
        return export_request(actor=actor, address=address, here=here, file_format=file_format, reason=reason)


def again(run):
    return ExportRun.objects.for_list().get(pk=run.pk)


def person(member):
    """Return the member as a request of today loads them."""
    return Member.objects.get(pk=member.pk)


def write(run):
    job_run(job_id=run.job_id, work=export_write)
    return again(run)


def fetched(run, actor):
    response = export_download(run=run, actor=actor)
    with contextlib.closing(response.file_to_stream):
        return b"".join(response.streaming_content)


def lines(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_list_goes_out_with_the_readers_rows_alone(cadre, people):
    run = write(ask(cadre))
    first, head, *rows = lines(fetched(run, person(cadre)))
    assert (run.state, run.rows) == (ExportState.READY, 2)
    assert all(part in first[0] for part in ("王干部", "给上级的年报", str(run.pk)))
    assert len(head) == 9
    assert sorted(row[0] for row in rows) == ["'=HYPERLINK(1)", "王干部"]
    assert phone_number(77) not in fetched(run, person(cadre)).decode("utf-8-sig")
    assert Message.objects.filter(recipient=cadre, kind="exchange.export_done").count() == 1


def test_a_workbook_has_a_cover_and_text_alone(cadre, people):
    run = write(ask(cadre, file_format="xlsx"))
    cover, sheet = load_workbook(io.BytesIO(fetched(run, person(cadre)))).worksheets
    assert "给上级的年报" in [row[1].value for row in cover.iter_rows()]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s"}
    assert "王干部" in sheet.oddFooter.center.text


def test_filters_of_the_address_narrow_and_a_look_up_is_left_out(cadre, people):
    run = ask(cadre, "/members/?unit=甲厂&find=abc&page=3&after=1")
    assert (run.rows, "find" in run.address, "after" in run.address) == (1, False, False)


def test_the_entries_hold_counts_and_names_of_fields(cadre, people):
    run = write(ask(cadre))
    fetched(run, person(cadre))
    entries = AuditEntry.objects.filter(about_model="exchange.exportrun", about_id=run.pk).order_by("pk")
    assert [entry.action for entry in entries if not entry.action.startswith("exchange.")] == [
        "export.request",
        "export.write",
        "export.download",
    ]
    assert entries.get(action="export.write").data == {"list": "members:member-list", "rows": 2, "format": "csv"}
    assert "masked_phone" in entries.get(action="export.write").fields


@pytest.mark.parametrize("address", ["/nowhere/", "/", "/members/me/", "/exchange/out/", "/members/1/"])
def test_what_is_no_list_is_not_taken_out(cadre, address):
    with pytest.raises(Http404):
        ask(cadre, address)
    assert not ExportRun.objects.exists()


def test_a_reason_keeps_no_number_of_a_person(cadre, people):
    run = write(ask(cadre, reason=f"给 {phone_number(77)} 核对"))
    assert run.reason == "给 (number) 核对"
    assert phone_number(77) not in fetched(run, cadre).decode()


def test_without_the_capability_nothing_goes_out(city, people):
    for role in (Role.REVIEWER, Role.MATCHMAKING_OFFICER):
        with pytest.raises(PermissionDenied):
            ask(make_staff(city, role=role))
    with pytest.raises(Http404):
        ask(people)
    assert not ExportRun.objects.exists()


def test_an_empty_list_is_refused(cadre):
    with pytest.raises(DomainError) as refusal:
        ask(cadre, "/members/?unit=nobody")
    assert (refusal.value.code, ExportRun.objects.count()) == ("nothing", 0)


def test_too_many_rows_are_refused(cadre, people, settings):
    settings.EXPORT_MOST_ROWS = 1
    with pytest.raises(DomainError) as refusal:
        ask(cadre)
    assert (refusal.value.code, ExportRun.objects.count()) == ("too-many", 0)


def test_too_many_exports_an_hour_are_refused(cadre, people, settings):
    settings.EXPORTS_PER_HOUR = 1
    ask(cadre)
    with pytest.raises(TooMany):
        ask(cadre)
    assert ExportRun.objects.count() == 1


class TestSecondPerson:
    @pytest.fixture(autouse=True)
    def _long(self, settings, people):
        settings.EXPORT_SECOND_PERSON_ROWS = 1

    def test_a_long_list_waits_and_is_written_once_released(self, city, cadre):
        chair = make_staff(city)
        run = ask(cadre)
        assert (run.state, run.job_id, Job.objects.count()) == (ExportState.WAITING, None, 0)
        assert Message.objects.filter(kind="exchange.export_waiting", recipient=chair).count() == 1
        assert [item.url for item in items_for(person(chair))] == [run.get_absolute_url()]
        assert items_for(person(cadre)) == []

        export_release(run=run, actor=person(chair))

        assert write(again(run)).state == ExportState.READY
        assert items_for(person(chair)) == []

    def test_who_asked_does_not_release(self, city):
        chair = make_staff(city)
        run = ask(chair)
        with pytest.raises(DomainError):
            export_release(run=run, actor=chair)
        assert (again(run).state, Job.objects.count()) == (ExportState.WAITING, 0)

    @pytest.mark.parametrize("role", [Role.CADRE, Role.MATCHMAKING_OFFICER])
    def test_who_may_not_approve_does_not_release(self, city, cadre, role):
        run = ask(cadre)
        with pytest.raises(DomainError):
            export_release(run=run, actor=make_staff(city, role=role))
        assert again(run).state == ExportState.WAITING

    def test_a_chair_of_another_city_does_not_see_it(self, client, cadre):
        run = ask(cadre)
        sign_in(client, make_staff(make_organization()))
        for page in ("detail", "release", "decline", "part"):
            assert client.get(reverse(f"exchange:export-run-{page}", args=[run.pk])).status_code == 404
        assert again(run).state == ExportState.WAITING

    def test_a_refusal_says_why(self, city, cadre):
        run = export_decline(run=ask(cadre), actor=make_staff(city), reason="不需要全部")
        assert (run.state, run.summary, Job.objects.count()) == (ExportState.DECLINED, "不需要全部", 0)
        assert Message.objects.get(kind="exchange.export_done").context["summary"] == "不需要全部"

    def test_a_list_that_grew_meanwhile_waits(self, cadre, settings, people):
        settings.EXPORT_SECOND_PERSON_ROWS = 2
        run = ask(cadre)
        make_entry(people.organization)
        run = write(run)
        assert (run.state, run.rows, run.file) == (ExportState.WAITING, 3, None)


def end_duties(member):
    today = timezone.localdate()
    Duty.objects.filter(member=member).update(valid_from=today - timedelta(days=9), valid_until=today)


def test_a_duty_that_ended_before_the_job_stops_it(cadre, people):
    run = ask(cadre)
    end_duties(cadre)
    run = write(run)
    assert (run.state, run.file, StoredFile.objects.count()) == (ExportState.FAILED, None, 0)


def test_a_duty_that_ended_after_the_job_closes_the_file(client, cadre, people):
    run = write(ask(cadre))
    end_duties(cadre)
    with pytest.raises(Http404):
        export_download(run=run, actor=person(cadre))
    sign_in(client, person(cadre))
    assert client.post(reverse("exchange:export-run-download", args=[run.pk])).status_code == 404


@pytest.mark.parametrize("change", ["moved", "lowered"])
def test_a_duty_that_changed_closes_the_file(client, cadre, people, change):
    run = write(ask(cadre))
    changes = {"moved": {"organization": make_organization()}, "lowered": {"role": Role.REVIEWER}}[change]
    Duty.objects.filter(member=cadre).update(**changes)
    sign_in(client, person(cadre))
    assert client.post(reverse("exchange:export-run-download", args=[run.pk])).status_code == 404
    assert not AuditEntry.objects.filter(action="export.download").exists()


def test_only_who_asked_fetches(client, city, cadre, people):
    run = write(ask(cadre))
    path = reverse("exchange:export-run-download", args=[run.pk])
    sign_in(client, make_staff(city))
    assert client.post(path).status_code == 403
    sign_in(client, make_staff(make_organization()))
    assert client.post(path).status_code == 404
    sign_in(client, cadre)
    assert client.get(path).status_code == 405
    response = client.post(path)
    assert (response.status_code, b"".join(response.streaming_content) != b"") == (200, True)
    assert AuditEntry.objects.filter(action="export.download").count() == 1


def test_after_a_day_the_file_is_gone(client, cadre, people):
    run = write(ask(cadre))
    ExportRun.objects.filter(pk=run.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    sign_in(client, cadre)
    assert client.post(reverse("exchange:export-run-download", args=[run.pk])).status_code == 409

    assert exports_expire(now=timezone.now()) == 1

    run = again(run)
    assert (run.state, run.file.deleted_at is None) == (ExportState.EXPIRED, False)
    assert exports_expire(now=timezone.now()) == 0


def test_expiring_deletes_the_content(cadre, people, django_capture_on_commit_callbacks):
    run = write(ask(cadre))
    assert path_of(run.file.key).exists()
    with django_capture_on_commit_callbacks(execute=True):
        exports_expire(now=timezone.now() + timedelta(days=2))
    assert not path_of(run.file.key).exists()


def test_participants_go_out_masked(city):
    event = make_event(city, created_by=make_staff(city))
    single = make_participation(event).member
    chair = make_staff(city)
    run = write(ask(chair, reverse("matchmaking:event-participants", args=[event.pk])))
    content = fetched(run, person(chair)).decode("utf-8-sig")
    assert single.name not in content
    assert single.name[0] in content
    with pytest.raises(PermissionDenied):
        ask(make_staff(city, role=Role.MATCHMAKING_OFFICER), run.address)
    with pytest.raises(Http404):
        ask(make_staff(make_organization()), run.address)


def test_organizations_go_out(cadre, people):
    run = write(ask(cadre, "/organizations/?kind=grassroots&sort=-name", "xlsx"))
    assert (run.state, run.rows) == (ExportState.READY, 1)


def test_the_pages(client, cadre, people):
    sign_in(client, cadre)
    listed = client.get("/members/?unit=甲厂").content.decode()
    assert "/exchange/out/new/?list=%2Fmembers%2F" in listed
    assert "/exchange/out/new/" not in client.get("/members/?find=abc").content.decode()
    start = reverse("exchange:export-run-start") + "?list=/members/"
    assert client.get(start).status_code == 200
    assert client.post(start, {"format": "csv", "reason": ""}).status_code == 422
    assert not ExportRun.objects.exists()
    response = client.post(start, {"format": "csv", "reason": "年报用"})
    run = ExportRun.objects.get()
    assert (response.status_code, response.url) == (302, run.get_absolute_url())
    assert client.get(run.get_absolute_url()).status_code == 200
    assert client.get(reverse("exchange:export-run-part", args=[run.pk])).status_code == 200
    run = write(run)
    page = client.get(run.get_absolute_url()).content.decode()
    assert reverse("exchange:export-run-download", args=[run.pk]) in page
    assert client.get(reverse("exchange:export-run-list")).status_code == 200
    assert client.get("/exchange/out/new/?list=//evil.example/").status_code == 404
