"""The day of the event: check-in, walk-ins, tables."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventMode, EventState
from matchmaking.models import Participation, Seat, SeatPlan
from matchmaking.selectors.on_the_day import attendance, table_now
from matchmaking.services.events import event_close_sign_up
from matchmaking.services.on_the_day import (
    DOOR_STATES,
    Arrival,
    check_in,
    check_in_herself,
    check_in_undo,
    door_token,
    row_of_code,
    row_of_token,
    seats_next,
    seats_plan,
    walk_in,
)
from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Consent
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import LINE, make_event, make_participation, make_single, put_event
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


def running(**fields):
    now = timezone.now()
    event = make_event(**fields)
    return put_event(event, EventState.RUNNING, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=3))


def entries(row):
    return AuditEntry.objects.about(row).filter(action="participation.check-in").count()


def test_a_code_lets_in_once_and_a_repeat_does_no_harm():
    event = running()
    row = make_participation(event, code="123456")
    staff = event.created_by

    first = check_in(event=event, row=row_of_code(event, " 123456 "), actor=staff)
    again = check_in(event=event, row=row_of_token(door_token(row)), actor=staff)

    assert (first.arrival, again.arrival, entries(row)) == (Arrival.COME_IN, Arrival.ALREADY, 1)
    assert again.row.checked_in_at == first.row.checked_in_at
    assert attendance(event).here == 1


def test_what_speaks_against_a_code_is_told_apart():
    event, other = running(), running()
    staff = event.created_by
    strange, waiting = make_participation(other), make_participation(event, state=SignUpState.WAITLISTED)

    assert check_in(event=event, row=strange, actor=staff).arrival == Arrival.WRONG_EVENT
    assert check_in(event=event, row=waiting, actor=staff).arrival == Arrival.NOT_CONFIRMED
    assert check_in(event=event, row=None, actor=staff).arrival == Arrival.UNKNOWN
    assert row_of_token("forged") is None
    assert not Participation.objects.filter(checked_in_at__isnull=False).exists()


@pytest.mark.parametrize("state", [state for state in EventState if state not in DOOR_STATES])
def test_closed_doors_let_nobody_in(state):
    event = put_event(make_event(), state)
    row = make_participation(event)
    with pytest.raises(DomainError) as refusal:
        check_in(event=event, row=row, actor=event.created_by)
    assert refusal.value.code == "doors-closed"
    assert Participation.objects.get(pk=row.pk).checked_in_at is None


def test_a_mistake_is_taken_back():
    event = running()
    row = make_participation(event)
    check_in(event=event, row=row, actor=event.created_by)
    check_in_undo(row=row, actor=event.created_by)
    assert Participation.objects.get(pk=row.pk).checked_in_at is None
    with pytest.raises(DomainError) as refusal:
        check_in_undo(row=row, actor=event.created_by)
    assert refusal.value.code == "not-in"


def test_card_numbers_are_known_at_the_door():
    event = running()
    make_participation(event)
    man = make_participation(event, sex=Sex.MALE)
    assert row_of_code(event, man.number.lower()) == man
    assert [row_of_code(event, code) for code in ("W002", "X002", "M", "M9999999", "")] == [None] * 5


def test_closing_sign_up_gives_everybody_a_code_of_their_own():
    event = make_event(men_quota=30, women_quota=30)
    rows = [make_participation(event, state=state) for state in SignUpState for _number in range(4)]
    event_close_sign_up(event=event, actor=event.created_by)
    codes = list(event.signups.values_list("code", flat=True))
    assert len(set(codes)) == len(rows)
    assert all(len(code) == 6 and code.isdigit() for code in codes)


def test_a_walk_in_takes_a_free_place_with_her_agreement():
    event = running(women_quota=1)
    member = make_single(event.organization)
    row = walk_in(event=event, member=member, line=LINE)
    assert (row.state, row.walk_in, len(Participation.objects.get(pk=row.pk).code)) == (SignUpState.CONFIRMED, True, 6)
    assert Consent.objects.standing().filter(member=member, about_id=event.pk).count() == 1

    late = make_single(event.organization)
    with pytest.raises(DomainError) as refusal:
        walk_in(event=event, member=late, line=LINE)
    assert refusal.value.code == "no-place"
    assert not Participation.objects.filter(member=late).exists()


def test_who_waits_in_line_does_not_walk_past_it():
    event = running(women_quota=1)
    waiting = make_participation(event, state=SignUpState.WAITLISTED)
    with pytest.raises(DomainError) as refusal:
        walk_in(event=event, member=waiting.member, line=LINE)
    assert refusal.value.code == "on-the-list"


def test_she_says_herself_that_she_is_at_an_online_event():
    event = running()
    row = make_participation(event)
    assert check_in_herself(row=row, actor=row.member).arrival == Arrival.COME_IN
    with pytest.raises(DomainError) as refusal:
        check_in_herself(row=make_participation(event), actor=row.member)
    assert refusal.value.code == "not-now"


def test_the_plan_seats_whoever_has_come():
    event = running()
    men = [make_participation(event, sex=Sex.MALE) for _number in range(3)]
    women = [make_participation(event) for _number in range(3)]
    for row in (*men[:2], *women):
        check_in(event=event, row=row, actor=event.created_by)

    plan = seats_plan(event=event, actor=event.created_by)

    assert (plan.rounds, plan.tables) == (3, 2)
    assert not Seat.objects.filter(man=men[2]).exists()
    assert Seat.objects.filter(plan=plan).count() == 6


def test_a_second_click_begins_one_round():
    event = running()
    row, other = make_participation(event), make_participation(event, sex=Sex.MALE)
    plan = seats_plan(event=event, actor=event.created_by)
    for _click in range(2):
        plan = seats_next(plan=plan, actor=event.created_by, after=0)
    assert plan.current == 1
    now = table_now(row)
    assert (now.table, now.other) == (1, other)
    for refused in (
        lambda: seats_next(plan=plan, actor=event.created_by, after=1),
        lambda: seats_plan(event=event, actor=event.created_by),
    ):
        with pytest.raises(DomainError) as refusal:
            refused()
        assert refusal.value.code in ("last", "begun")
    assert SeatPlan.objects.get(event=event).current == 1


def test_one_list_alone_makes_no_plan():
    event = running()
    make_participation(event)
    with pytest.raises(DomainError) as refusal:
        seats_plan(event=event, actor=event.created_by)
    assert refusal.value.code == "nobody"


def test_the_door_answers_on_its_page(client):
    event = running()
    row = make_participation(event, code="654321")
    sign_in(client, make_staff(event.organization, Role.CADRE))
    path = reverse("matchmaking:event-door", args=[event.pk])
    page = client.post(path, {"code": "654321"})
    assert (page.status_code, page.context["answer"].arrival) == (200, Arrival.COME_IN)
    assert client.post(path, {"code": "000000"}).context["answer"].arrival == Arrival.UNKNOWN
    assert client.get(path).headers["Permissions-Policy"].startswith("camera=(self)")
    assert row.member.name not in page.content.decode()


def test_on_the_day_the_door_comes_first(client):
    event = running()
    door, seats = (reverse(f"matchmaking:event-{name}", args=[event.pk]) for name in ("door", "seats"))
    context = sign_in(client, make_staff(event.organization, Role.CADRE)).get(event.get_absolute_url()).context
    assert context["primary"]["url"] == door
    assert [page["url"] for page in context["pages"][:2]] == [door, seats]
    assert reverse("matchmaking:event-open-choice", args=[event.pk]) in [step["url"] for step in context["menu"]]


def test_a_ticket_opens_the_door_for_organisers_alone(client):
    event = running()
    row = make_participation(event)
    path = reverse("matchmaking:door-scan", args=[door_token(row)])
    assert client.get(path).status_code == 302
    for person, status in (
        (row.member, 404),
        (make_staff(make_organization()), 404),
        (make_staff(event.organization, Role.REVIEWER), 403),
        (make_staff(event.organization, Role.CADRE), 200),
    ):
        sign_in(client, person)
        assert (client.get(path).status_code, client.post(path).status_code) == (status, status)
    assert entries(row) == 1


def test_her_ticket_is_hers(client):
    event = running(mode=EventMode.OFFLINE)
    row = make_participation(event, code="111222")
    path = reverse("matchmaking:meet-ticket", args=[event.slug])
    sign_in(client, row.member)
    assert b"111222" in client.get(path).content
    assert client.get(reverse("matchmaking:meet-ticket-code", args=[event.slug])).status_code == 200
    sign_in(client, make_single(event.organization))
    assert client.get(path).status_code == 302
    assert client.get(reverse("matchmaking:meet-ticket-code", args=[event.slug])).status_code == 404


def test_the_table_page_shows_numbers_and_no_names(client):
    event = running()
    row, other = make_participation(event), make_participation(event, sex=Sex.MALE)
    plan = seats_plan(event=event, actor=event.created_by)
    seats_next(plan=plan, actor=event.created_by, after=0)
    sign_in(client, row.member)
    page = client.get(reverse("matchmaking:meet-table", args=[event.slug])).content.decode()
    assert other.number in page
    assert other.member.name not in page


@pytest.mark.parametrize("name", ["event-door", "event-seats", "event-round", "event-table-cards"])
def test_pages_of_the_day_ask_the_same_number_of_questions(client, name, django_assert_max_num_queries):
    event = running(men_quota=50, women_quota=50)
    for _number in range(6):
        make_participation(event, checked_in_at=timezone.now())
        make_participation(event, sex=Sex.MALE, checked_in_at=timezone.now())
    seats_plan(event=event, actor=event.created_by)
    sign_in(client, make_staff(event.organization, Role.CADRE))
    path = reverse(f"matchmaking:{name}", args=[event.pk])
    client.get(path)
    with django_assert_max_num_queries(15):
        assert client.get(path).status_code == 200
