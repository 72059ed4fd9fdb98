"""One stored value must not stop a page.

Tested are the values that may be typed, the values that may be stored all the same, and the other rows and people,
which must still be served.
"""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import GroupWedding, HotlineTicket, MatchEvent
from matchmaking.services.changing import event_copy
from matchmaking.services.events import events_keep_time
from matchmaking.services.on_the_day import row_of_code
from matchmaking.services.weddings import weddings_keep_time
from portal.core.bounds import ANY, PAST, PLANNED, VALIDITY
from portal.core.fields import EncryptedDayField
from portal.core.models import StepFailure
from portal.core.roles import Role
from portal.deadlines.models import Deadline
from portal.members.models import Member
from portal.messaging.models import Message, Reminder
from portal.messaging.services.messages import message_post
from portal.messaging.services.reminders import reminders_plan
from portal.notices.models import Notice
from portal.organizations.models import LegalParameter, Organization
from portal.statistics.models import OwnFigure
from tests.factories.matchmaking import make_event, make_participation, put_event
from tests.factories.matchmaking_pairs import make_ticket, make_wedding, put_wedding
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_unit
from tests.hostile.test_forms import event_fields
from tests.quick import quickly

OUT_OF_ALL_REASON = ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"]
TYPED = [*OUT_OF_ALL_REASON, f"{timezone.localdate().year + 4}-06-01"]


@pytest.fixture
def city(db):
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def unit(city):
    return make_unit(city, name="示例甲厂工会")


@pytest.fixture
def cadre(unit):
    return make_staff(unit, role=Role.CADRE)


def signed_in(member):
    return sign_in(Client(raise_request_exception=False), member)


def at(day):
    return f"{day}T12:00"


# Values that a grassroots cadre types.


@pytest.mark.parametrize("day", TYPED)
@pytest.mark.parametrize("name", ["on", "closes_at"])
def test_a_wedding_in_no_year_of_ours_is_refused(unit, cadre, name, day):
    fields = {
        "organization": unit.pk,
        "title": "示例集体婚礼",
        "summary": "一起出发",
        "on": str(timezone.localdate() + timedelta(days=40)),
        "place": "示例公园",
        "couples_most": 2,
        "closes_at": at(timezone.localdate() + timedelta(days=20)),
    }
    sent = signed_in(cadre).post(
        reverse("matchmaking:wedding-create"), fields | {name: day if name == "on" else at(day)}
    )
    assert (sent.status_code, GroupWedding.objects.count()) == (422, 0)
    kept = signed_in(cadre).post(reverse("matchmaking:wedding-create"), fields)
    assert (kept.status_code, GroupWedding.objects.count()) == (302, 1)


@pytest.mark.parametrize("day", TYPED)
@pytest.mark.parametrize("name", ["publish_from", "publish_until"])
def test_a_notice_in_no_year_of_ours_is_refused(unit, cadre, name, day):
    fields = {"organization": unit.pk, "audience": "members", "title": "通知", "body": "话", name: at(day)}
    sent = signed_in(cadre).post(reverse("notices:notice-create"), fields)
    assert (sent.status_code, Notice.objects.count()) == (422, 0)


TIMES = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at", "choice_opens_at", "choice_closes_at")


@pytest.mark.parametrize("day", TYPED)
def test_an_event_in_no_year_of_ours_is_refused(city, unit, cadre, day):
    fields = event_fields(SimpleNamespace(city=unit))
    for name in TIMES:
        sent = signed_in(cadre).post(reverse("matchmaking:event-create"), fields | {name: at(day)})
        assert (name, sent.status_code, MatchEvent.objects.count()) == (name, 422, 0)


@pytest.mark.parametrize("day", TYPED)
def test_a_copy_is_not_moved_out_of_the_calendar(city, day):
    event = make_event(city)
    client = signed_in(event.created_by)
    sent = client.post(reverse("matchmaking:event-copy", args=[event.pk]), {"title": "a", "starts_at": at(day)})
    assert (sent.status_code, MatchEvent.objects.count()) == (422, 1)


def test_the_service_of_a_copy_is_not_moved_either(city):
    """The service that copies an event does not move it out of the calendar either.

    This holds for every caller: a command, a task, an import.
    """
    event = make_event(city)
    with pytest.raises(ValidationError):
        event_copy(actor=event.created_by, event=event, title="a", starts_at=datetime(9999, 12, 31, 23, tzinfo=UTC))
    last = timezone.now() + timedelta(days=3 * 366 - 3)
    with pytest.raises(ValidationError):  # its choice round would exceed the bound
        event_copy(actor=event.created_by, event=event, title="a", starts_at=last)


# Values that are not numbers.


@pytest.mark.parametrize("code", ["M²", "M٣", "W１", "M" + "9" * 5000, "M-1", "M", "²", ""])
def test_a_code_at_the_door_is_digits(city, code):
    event = put_event(make_event(city), EventState.RUNNING)
    make_participation(event)
    assert row_of_code(event, code) is None
    answer = signed_in(event.created_by).post(reverse("matchmaking:event-door", args=[event.pk]), {"code": code})
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "value", ["²", "٣", "9" * 5000, "0001-01-01", "9999-12-31", "0001-01", "9999-12", "1e9", "NaN"]
)
def test_no_filter_and_no_page_number_stops_a_list(city, value):
    """No filter and no page number stops a list.

    Tested is every list that the chair of a city can open, with every parameter its address knows.
    """
    chair = make_staff(city)
    client = signed_in(chair)
    with quickly():
        answers = {(name, key): client.get(reverse(name), {key: value}).status_code for name in LISTS for key in NAMES}
    assert {asked: status for asked, status in answers.items() if status >= 500} == {}


LISTS = [
    "matchmaking:event-list",
    "matchmaking:event-calendar",
    "matchmaking:release-list",
    "matchmaking:ticket-list",
    "matchmaking:budget-list",
    "members:member-list",
    "notices:notice-list",
    "organizations:organization-list",
    "statistics:dashboard",
    "statistics:explorer",
    "statistics:targets",
]
NAMES = ["page", "per_page", "after", "year", "month", "since", "until", "period", "from", "to", "node", "find", "sort"]


# Values and the database's checks.


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["0001-01-01", "1899-12-31", "2200-01-02", "9999-12-31", "infinity", "-infinity"])
def test_the_database_refuses_a_day_and_a_moment(value, city):
    """The database refuses an impossible day or moment.

    One field of each class, by the serving role and by raw SQL; tests/layout checks that every column has its check.
    """
    wedding = make_wedding(city)
    for column in ("on", "closes_at", "created_at"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE matchmaking_groupwedding SET "{column}" = %s WHERE id = %s', [value, wedding.pk])


@pytest.mark.django_db
def test_the_database_refuses_a_year_and_a_number_that_is_none(city):
    member = make_member(city)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=member.pk).update(birth_year=32767)
    OwnFigure.objects.create(indicator="A", organization=city, path=city.path, month=date(2026, 1, 1), value=1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE statistics_ownfigure SET value = 'NaN'")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "/", "x", "/1/x/", "/1//2/", "/99999999999999999999/", "1/2"])
def test_the_database_refuses_a_path_that_is_none(path, city):
    """The database refuses an invalid path.

    Scope reads numbers out of paths: a path without numbers once stopped everyone's to-do list.
    """
    for rows in (Organization.objects.filter(pk=city.pk), city.lines.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(path=path)


@pytest.mark.django_db
def test_a_state_that_is_none_shows_on_its_page(city):
    """An unknown state is shown on the page of its row.

    As after a release that removed a state: the page of the row still works, and so do the lists.
    """
    chair = make_staff(city)
    client = signed_in(chair)
    event, wedding, notice = make_event(city, created_by=chair), make_wedding(city), make_notice(city, created_by=chair)
    for row in (event, wedding, notice):
        type(row).objects.filter(pk=row.pk).update(state="no_such_state")
        answer = client.get(row.get_absolute_url())
        assert answer.status_code == 200, row
    for path in ("/", *map(reverse, LISTS[:4]), reverse("notices:notice-list")):
        assert client.get(path).status_code == 200, path


@pytest.mark.django_db
def test_a_message_that_says_nothing_sensible_stops_no_inbox(city, left_out):
    chair = make_staff(city)
    for context in ([], "x", 1):
        message_post(kind="matchmaking.event_approved", to=chair, context={"title": "a"})
        Message.objects.order_by("-pk").filter(pk=Message.objects.latest("pk").pk).update(context=context)
    message_post(kind="matchmaking.event_approved", to=chair, context={"title": "示例好行"})
    status, words = page(english(chair), reverse("messaging:inbox"))
    assert (status, "示例好行" in words, MISSING in words) == (200, True, True)
    assert len(left_out) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "1899-12-31", "2100-01-01", "nothing"])
def test_an_encrypted_day_is_refused_by_its_class(value, city):
    member = make_member(city, birth_date=date(1990, 1, 1))
    assert isinstance(Member._meta.get_field("birth_date"), EncryptedDayField)
    member.birth_date = value
    with pytest.raises(ValidationError), transaction.atomic():
        member.save(update_fields=["birth_date"])
    with pytest.raises(ValidationError):
        member.full_clean(exclude=[field.name for field in Member._meta.fields if field.name != "birth_date"])
    assert Member.objects.get(pk=member.pk).birth_date == "1990-01-01"


@pytest.mark.parametrize("span", [ANY, PAST, VALIDITY, PLANNED])
def test_a_span_judges_the_ends_of_the_calendar(span):
    today = timezone.localdate()
    span.check(today)
    for odd in (
        date.min,
        date.max,
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(2200, 1, 1, tzinfo=UTC),
    ):
        with pytest.raises(ValidationError):
            span.check(odd)


@pytest.mark.django_db
def test_a_legal_number_out_of_reason_is_refused_in_words(city):
    make_ticket(city)  # sets the law
    LegalParameter.objects.filter(key="matchmaking.ticket_working_days").update(value=9_999_999_999)
    client = signed_in(make_staff(city))
    fields = {"organization": city.pk, "kind": "other", "words": "a"}
    assert client.post(reverse("matchmaking:ticket-create"), fields).status_code < 500


# Values that are stored all the same: old rows, or a check that was dropped.


def planted(cursor, table, pk, **values):
    """Write values into a row past its checks, as if they had been stored before the checks existed."""
    for column in values:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{table}_{column}_check"')
    sets = ", ".join(f'"{column}" = %s' for column in values)
    cursor.execute(f"UPDATE {table} SET {sets} WHERE id = %s", [*values.values(), pk])


def page(client, path):
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


MISSING = "cannot be shown"
# The last hours of the calendar have no local time east of Greenwich.
LATE, END = "9999-12-31 22:30:00+00", "9999-12-31 23:30:00+00"


def english(member):
    client = signed_in(member)
    client.cookies["django_language"] = "en"
    return client


def test_one_row_stops_no_home_page_and_no_list(committed, left_out):
    city = make_organization(name="示例甲市总工会")
    county = make_organization(city, kind="county")
    unit = make_unit(county, name="示例甲厂工会")
    bad, good = (make_event(unit, title=title) for title in ("示例坏行", "示例好行"))
    returned, wedding = put_event(make_event(unit), EventState.RETURNED), make_wedding(unit)
    notice = make_notice(unit, state="submitted")
    planted(committed, "matchmaking_matchevent", bad.pk, starts_at=LATE, ends_at=END, choice_closes_at=END)
    planted(committed, "matchmaking_matchevent", returned.pk, signup_opens_at="0001-01-01 00:00:00+00")
    planted(committed, "matchmaking_groupwedding", wedding.pk, closes_at=END)
    planted(committed, "notices_notice", notice.pk, publish_from=END)
    lists = [reverse("matchmaking:event-list"), reverse("matchmaking:wedding-list"), reverse("notices:notice-list")]
    found = {}
    for place in (unit, county, city, city.parent):
        client = english(make_staff(place))
        found |= {(place.kind, path): page(client, path) for path in ("/", *lists)}
    author = english(returned.created_by)
    found["author", "/"] = page(author, "/")
    member = english(make_member(unit, activated_at=timezone.now()))
    found |= {("member", path): page(member, path) for path in ("/", reverse("matchmaking:meet-list"))}
    assert {place: status for place, (status, _words) in found.items() if status != 200} == {}
    for place in (unit, county, city, city.parent):
        words = found[place.kind, lists[0]][1]
        assert (good.title in words, bad.title in words, MISSING in words) == (True, False, True), place.kind
    words = found["member", reverse("matchmaking:meet-list")][1]
    assert (good.title in words, bad.title in words, MISSING in words) == (True, False, True)
    assert MISSING in found["author", "/"][1]
    assert any(f"matchmaking.MatchEvent {bad.pk}: OverflowError" in line for line in left_out)
    assert not any(row.title in line for line in left_out for row in (bad, good, returned, wedding, notice))


def test_the_clock_steps_the_rest_and_reports(committed, left_out):
    city = make_organization(name="示例甲市总工会")
    bad, good = (make_wedding(city, title=title) for title in ("示例坏行", "示例好行"))
    past = timezone.now() - timedelta(hours=1)
    put_wedding(bad, closes_at=past)
    put_wedding(good, closes_at=past)
    # The audit entry of the step names the path; the step fails on a path of no organisation.
    committed.execute("UPDATE matchmaking_groupwedding SET state = 'open' WHERE id = %s", [bad.pk])
    committed.execute("CREATE FUNCTION no_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$")
    committed.execute(
        "CREATE TRIGGER no_step BEFORE UPDATE ON matchmaking_groupwedding FOR EACH ROW"
        f" WHEN (old.id = {bad.pk}) EXECUTE FUNCTION no_step()"
    )
    assert weddings_keep_time() == 1
    assert GroupWedding.objects.get(pk=good.pk).state != WeddingState.OPEN
    assert GroupWedding.objects.get(pk=bad.pk).state == WeddingState.OPEN
    row = StepFailure.objects.get()
    assert (row.task, row.about) == ("matchmaking.weddings", f"matchmaking.GroupWedding {bad.pk}")
    committed.execute("DROP TRIGGER no_step ON matchmaking_groupwedding")
    assert weddings_keep_time() == 1
    assert StepFailure.objects.count() == 0
    assert left_out


def test_one_row_silences_no_reminder(committed, left_out):
    city = make_organization(name="示例甲市总工会")
    bad, good = (make_ticket(city) for _number in range(2))
    HotlineTicket.objects.update(due_on=timezone.localdate())
    Deadline.objects.update(due_on=timezone.localdate())
    committed.execute("CREATE FUNCTION no_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$")
    committed.execute(
        "CREATE TRIGGER no_row BEFORE INSERT ON messaging_reminder FOR EACH ROW"
        f" WHEN (new.about_id = {bad.pk}) EXECUTE FUNCTION no_row()"
    )
    assert reminders_plan() >= 1
    told = {row.about_id for row in reminders()}
    assert (good.pk in told, bad.pk in told) == (True, False)
    assert StepFailure.objects.filter(about=f"matchmaking.HotlineTicket {bad.pk}").exists()
    assert left_out


def reminders():
    return Reminder.objects.filter(rule="matchmaking.ticket_due")


def test_events_of_the_clock_go_on(committed, left_out):
    city = make_organization(name="示例甲市总工会")
    events = [make_event(city) for _number in range(2)]
    past = timezone.now() - timedelta(hours=1)
    for event in events:
        put_event(event, signup_closes_at=past, signup_opens_at=past - timedelta(days=1))
    planted(committed, "matchmaking_matchevent", events[0].pk, ends_at=END, choice_closes_at=END)
    events_keep_time()
    assert MatchEvent.objects.get(pk=events[1].pk).state == EventState.SIGNUP_CLOSED
