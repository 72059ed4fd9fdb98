"""Deadlines of rows: started, paused, met, late, passed up, counted again, and equal to the day in the owner's row."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from matchmaking.models import HotlineTicket
from matchmaking.services.hotline import CLOCK, ticket_answer, ticket_close, ticket_reopen, ticket_transfer
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.deadlines.choices import DeadlineState, RollingRule, StartRule, Unit
from portal.deadlines.clock import clocks
from portal.deadlines.models import ClockRule, Deadline
from portal.deadlines.selectors import counted, deadline_of
from portal.deadlines.services import (
    deadline_day,
    deadline_end,
    deadline_meet,
    deadline_pause,
    deadline_resume,
    deadline_start,
    deadlines_keep_time,
)
from portal.deadlines.todo import items_for
from portal.members.services.data_requests import CLOCK as REQUEST
from portal.members.services.data_requests import data_request_open, data_request_settle, data_request_withdraw
from portal.messaging.models import Message
from portal.messaging.services.messages import message_words
from portal.organizations.choices import DayKind
from portal.organizations.models import CalendarDay
from tests.factories.matchmaking import make_law
from tests.factories.matchmaking_pairs import make_ticket
from tests.factories.members import make_duty, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.factories.rights import make_rights_law
from tests.threads import at_once

MONDAY = "2026-03-02T09:00+08:00"


class Now:
    """The moment that the portal takes for now."""

    def __init__(self, moment):
        self.move_to(moment)

    def move_to(self, moment):
        self.moment = datetime.fromisoformat(moment)

    def shift(self, delta):
        self.moment += delta


@pytest.fixture
def city(db):
    make_province()
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def staff(city):
    return make_staff(city)


@pytest.fixture
def calendar(db):
    call_command("load_calendar", verbosity=0)


@pytest.fixture
def on_monday(calendar, monkeypatch):
    now = Now(MONDAY)
    monkeypatch.setattr(timezone, "now", lambda: now.moment)
    return now


@pytest.fixture
def before_new_year(on_monday):
    on_monday.move_to("2026-12-30T09:00+08:00")
    return on_monday


def code_of(work, **arguments):
    with pytest.raises(DomainError) as refusal:
        work(**arguments)
    return refusal.value.code


def the_same(ticket):
    """Return the deadline of a ticket; its day is the day in the ticket's row."""
    row = deadline_of(ticket, CLOCK)
    assert HotlineTicket.objects.get(pk=ticket.pk).due_on == row.due_on
    return row


def test_a_ticket_has_its_deadline_until_it_is_answered(on_monday, city, staff):
    ticket = make_ticket(city, actor=staff)
    row = the_same(ticket)
    assert (row.state, row.started_on, row.due_on) == (DeadlineState.RUNNING, date(2026, 3, 2), date(2026, 3, 9))
    assert (row.organization, row.amount, row.unit, row.provisional) == (city, 5, Unit.WORKING_DAYS, False)
    ticket_answer(ticket=ticket, actor=staff, answer="答复")
    row = deadline_of(ticket, CLOCK)
    assert (row.state, row.settled_on) == (DeadlineState.MET, date(2026, 3, 2))
    ticket_close(ticket=HotlineTicket.objects.get(pk=ticket.pk), actor=staff)
    on_monday.shift(timedelta(days=3))
    ticket_reopen(ticket=HotlineTicket.objects.get(pk=ticket.pk), actor=staff, reason="再问")
    again = the_same(ticket)
    assert (again.pk != row.pk, again.state, again.due_on) == (True, DeadlineState.RUNNING, date(2026, 3, 12))


def test_a_deadline_follows_a_ticket_to_another_organisation(city, staff):
    ticket, province = make_ticket(city, actor=staff), make_province()
    day = the_same(ticket).due_on
    ticket_transfer(ticket=ticket, actor=staff, organization=province, reason="请协助")
    row = the_same(ticket)
    assert (row.organization, row.due_on) == (province, day)


def test_a_request_about_own_data_is_met_or_ended(city, staff):
    member = make_member(make_unit(city))
    answered = data_request_open(member=member, kind="correct", words="改名字")
    assert deadline_of(answered, REQUEST).organization == member.organization
    data_request_settle(row=answered, actor=staff, outcome="refused", answer="请到单位办理")
    taken_back = data_request_open(member=member, kind="correct", words="改名字")
    data_request_withdraw(row=taken_back, actor=member)
    states = [deadline_of(row, REQUEST).state for row in (answered, taken_back)]
    assert states == [DeadlineState.MET, DeadlineState.ENDED]


def test_one_open_deadline_of_a_kind(city, staff):
    ticket = make_ticket(city, actor=staff)
    assert code_of(deadline_start, about=ticket, code=CLOCK, on=timezone.localdate()) == "running"
    row = the_same(ticket)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_nothing_is_settled_twice(city, staff):
    ticket = make_ticket(city, actor=staff)
    assert deadline_meet(about=ticket, code=CLOCK, actor=staff).state == DeadlineState.MET
    assert deadline_meet(about=ticket, code=CLOCK, actor=staff) is None
    assert deadline_end(about=ticket, code=CLOCK, actor=staff) is None


def test_a_pause_is_added_once(on_monday, city, staff):
    ticket = make_ticket(city, actor=staff)
    assert code_of(deadline_resume, about=ticket, code=CLOCK, actor=staff) == "not-paused"
    deadline_pause(about=ticket, code=CLOCK, actor=staff)
    assert code_of(deadline_pause, about=ticket, code=CLOCK, actor=staff) == "no-such-step"
    on_monday.shift(timedelta(days=9))
    assert deadlines_keep_time() == 0  # a paused deadline does not become late
    row = deadline_resume(about=ticket, code=CLOCK, actor=staff)
    assert (row.state, row.paused_on, row.paused_days, row.due_on) == ("running", None, 9, date(2026, 3, 18))
    assert the_same(ticket).due_on == date(2026, 3, 18)
    deadline_pause(about=ticket, code=CLOCK, actor=staff)
    deadline_resume(about=ticket, code=CLOCK, actor=staff)
    assert the_same(ticket).due_on == date(2026, 3, 18)
    deadline_meet(about=ticket, code=CLOCK, actor=staff)
    assert code_of(deadline_pause, about=ticket, code=CLOCK, actor=staff) == "not-running"


def test_a_late_deadline_goes_to_the_level_above(on_monday, client, city, staff):
    county = make_organization(parent=city, kind="county")
    make_staff(county)
    ticket = make_ticket(county, actor=make_staff(county))
    assert deadlines_keep_time() == 0
    on_monday.shift(timedelta(days=7))  # Monday, the last day
    assert deadlines_keep_time() == 0
    on_monday.shift(timedelta(days=1))
    assert deadlines_keep_time() == 1
    row = the_same(ticket)
    assert (row.state, row.passed_to) == (DeadlineState.LATE, None)
    on_monday.shift(timedelta(days=3))  # Friday: three working days have passed only on Monday
    assert deadlines_keep_time() == 1
    row = the_same(ticket)
    assert (row.state, row.passed_to) == (DeadlineState.LATE, city)
    told = Message.objects.filter(kind="deadlines.passed", channel="in_app")
    assert {message.recipient for message in told} == {staff}
    (message,) = told
    assert str(clocks()[CLOCK].name) in message_words(message)[1]
    # It waits for the level above until it is settled, and for no other organisation.
    assert [item.url for item in items_for(staff)] == [ticket.get_absolute_url()]
    assert items_for(make_staff(make_organization())) == []
    page = sign_in(client, staff).get(reverse("deadlines:deadline-list")).content.decode()
    assert city.label in page
    assert deadlines_keep_time() == 0
    ticket_answer(ticket=ticket, actor=staff, answer="答复")
    assert deadline_of(ticket, CLOCK).state == DeadlineState.MET
    assert items_for(staff) == []


def test_a_deadline_of_the_province_is_passed_to_nobody(on_monday):
    province = make_province()
    make_ticket(province, actor=make_staff(province))
    on_monday.shift(timedelta(days=30))
    assert [deadlines_keep_time(), deadlines_keep_time()] == [1, 0]


def test_a_provisional_day_is_counted_again_when_the_holidays_arrive(before_new_year, city, staff):
    ticket = make_ticket(city, actor=staff)
    row = the_same(ticket)
    assert (row.provisional, row.due_on) == (True, date(2027, 1, 6))
    assert deadlines_keep_time() == 0
    CalendarDay.objects.create(day=date(2027, 1, 1), kind=DayKind.HOLIDAY, source="国办发明电")
    CalendarDay.objects.create(day=date(2027, 1, 2), kind=DayKind.WORKING, source="国办发明电")
    CalendarDay.objects.create(day=date(2027, 1, 4), kind=DayKind.HOLIDAY, source="国办发明电")
    CalendarDay.objects.create(day=date(2027, 1, 5), kind=DayKind.HOLIDAY, source="国办发明电")
    assert deadlines_keep_time() == 1
    row = the_same(ticket)
    assert (row.provisional, row.due_on) == (False, date(2027, 1, 8))
    entry = AuditEntry.objects.about(row).get(action="deadline.recount")
    assert entry.data == {"before": "2027-01-06", "after": "2027-01-08"}
    (message,) = Message.objects.filter(kind="deadlines.moved", channel="in_app")
    assert message.context == {
        "code": CLOCK,
        "number": ticket.pk,
        "before": "2027-01-06",
        "due": "2027-01-08",
    }
    assert deadlines_keep_time() == 0


def test_a_met_deadline_is_never_counted_again(before_new_year, city, staff):
    ticket = make_ticket(city, actor=staff)
    deadline_meet(about=ticket, code=CLOCK, actor=staff)
    HotlineTicket.objects.update(state="answered")
    CalendarDay.objects.create(day=date(2027, 1, 1), kind=DayKind.HOLIDAY, source="国办发明电")
    assert deadlines_keep_time() == 0
    assert deadline_of(ticket, CLOCK).due_on == date(2027, 1, 6)


def test_a_late_deadline_runs_again_when_its_day_moves_past_today(before_new_year, city, staff):
    ticket = make_ticket(city, actor=staff)
    before_new_year.move_to("2027-01-07T09:00+08:00")
    assert deadlines_keep_time() == 1
    for day in (1, 4, 5):
        CalendarDay.objects.create(day=date(2027, 1, day), kind=DayKind.HOLIDAY, source="国办发明电")
    assert deadlines_keep_time() == 1
    assert (the_same(ticket).state, the_same(ticket).due_on) == (DeadlineState.RUNNING, date(2027, 1, 11))


def test_a_row_of_the_previous_release_gets_its_deadline(city, staff):
    ticket = make_ticket(city, actor=staff)
    Deadline.objects.all().delete()
    HotlineTicket.objects.update(due_on=timezone.localdate() + timedelta(days=4))
    assert deadlines_keep_time() == 1
    row = the_same(ticket)
    assert (row.amount, row.due_on) == (None, timezone.localdate() + timedelta(days=4))
    assert deadlines_keep_time() == 0


def test_what_the_previous_release_settles_ends(city, staff):
    answered, gone = make_ticket(city, actor=staff), make_ticket(city, actor=staff)
    HotlineTicket.objects.filter(pk=answered.pk).update(state="answered")
    HotlineTicket.objects.filter(pk=gone.pk).delete()
    assert deadlines_keep_time() == 2
    assert {row.state for row in Deadline.objects.all()} == {DeadlineState.ENDED}
    assert deadlines_keep_time() == 0


def test_a_request_follows_its_member_to_another_unit(on_monday, city, staff):
    """Staff of the earlier unit learn nothing of a request of a member who has left."""
    left, other = make_unit(city), make_organization(name="示例乙市总工会")
    make_staff(other)
    member = make_member(left)
    request = data_request_open(member=member, kind="correct", words="改名字")
    member.organization = unit = make_unit(other)
    member.save(update_fields=["organization"])
    assert deadlines_keep_time() == 1
    assert deadline_of(request, REQUEST).organization == unit
    on_monday.shift(timedelta(days=60))
    assert deadlines_keep_time() == 2
    assert deadline_of(request, REQUEST).passed_to == other
    told = {message.recipient for message in Message.objects.filter(kind="deadlines.passed")}
    assert told
    assert {person.organization for person in told} == {other}
    assert items_for(staff) == []


def test_what_one_must_settle_is_not_hidden_by_what_was_passed_on(on_monday, city, staff, monkeypatch):
    below = [make_organization(parent=city, kind="county") for _number in range(2)]
    passed = [make_ticket(county, actor=make_staff(county)) for county in below]
    on_monday.shift(timedelta(days=20))
    deadlines_keep_time()
    deadlines_keep_time()
    assert {the_same(ticket).passed_to for ticket in passed} == {city}
    own = make_ticket(city, actor=staff)
    Deadline.objects.filter(about_id=own.pk, code=CLOCK).update(due_on=timezone.localdate())
    assert len(items_for(staff)) == 3
    monkeypatch.setattr("portal.deadlines.todo.SHOWN", 1)
    assert [item.url for item in items_for(staff)] == [own.get_absolute_url()]


def test_a_paused_deadline_is_due_to_nobody(on_monday, city, staff):
    ticket = make_ticket(city, actor=staff)
    Deadline.objects.update(due_on=timezone.localdate())
    assert [item.url for item in items_for(staff)] == [ticket.get_absolute_url()]
    deadline_pause(about=ticket, code=CLOCK, actor=staff)
    assert items_for(staff) == []


def test_nobody_follows_up_the_own_request(on_monday, city):
    """A chair of the city who stands on a unit's roster asks; the request is passed to the city, to others."""
    unit = make_unit(city)
    make_staff(unit)
    chair = make_member(unit)
    make_duty(chair, city, Role.CHAIR)
    other = make_staff(city)
    request = data_request_open(member=chair, kind="correct", words="改名字")
    on_monday.shift(timedelta(days=60))
    deadlines_keep_time()
    deadlines_keep_time()
    row = deadline_of(request, REQUEST)
    assert row.passed_to == city
    assert len(items_for(other)) == 1
    assert items_for(chair) == []
    assert not Deadline.objects.visible_to(chair).exists()


def test_a_rule_that_gives_no_day_is_refused(client, city, staff):
    """Fifteen years are no deadline: the admin refuses the rule, and one that stands already stops nothing else."""
    admin = make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR)
    address = reverse("admin:deadlines_clockrule_add")
    data = {"code": REQUEST, "unit": "years", "start_rule": "next_day", "rolling": "stays", "source": "x"}
    page = sign_in(client, admin).post(address, data)
    assert (page.status_code, ClockRule.objects.count()) == (200, 0)
    assert "15" in str(page.context["errors"])
    assert client.post(address, data | {"unit": "days", "code": "no.clock"}).status_code == 200
    assert ClockRule.objects.count() == 0
    assert client.post(address, data | {"unit": "days"}).status_code == 302
    ClockRule.objects.update(unit="years")
    member = make_member(make_unit(city))
    assert code_of(data_request_open, member=member, kind="correct", words="改名字") == "no-rule"


def test_a_stored_rule_counts_from_then_on(on_monday, city, staff):
    before = the_same(make_ticket(city, actor=staff))
    ClockRule.objects.create(
        code=CLOCK,
        unit=Unit.DAYS,
        start_rule=StartRule.SAME_DAY,
        rolling=RollingRule.NEXT_WORKING_DAY,
        source="示例省规定",
    )
    ticket = make_ticket(city, actor=staff)
    row = the_same(ticket)
    assert (row.due_on, row.source, row.unit) == (date(2026, 3, 6), "示例省规定", Unit.DAYS)
    before.refresh_from_db()
    assert (before.due_on, before.unit) == (date(2026, 3, 9), Unit.WORKING_DAYS)
    ClockRule.objects.update(start_rule=StartRule.NEXT_DAY)
    moved = the_same(make_ticket(city, actor=staff))
    assert (moved.unmoved_on, moved.due_on, moved.moved) == (date(2026, 3, 7), date(2026, 3, 9), True)


def test_every_clock_is_declared_completely(db):
    make_law()
    make_rights_law()
    steps = {"rights.mediation", "rights.arbitration", "rights.award", "rights.suit", "rights.legal_aid"}
    cases = {"rights.acceptance", "rights.limitation", "rights.written", "rights.approval"}
    rooms = {f"nursing_rooms.{name}" for name in ("report", "urgent", "finding_ordinary", "finding_serious")}
    assert set(clocks()) == {CLOCK, REQUEST, *cases, *steps, *rooms}
    for code, clock in clocks().items():
        assert (code.split(".")[0], bool(str(clock.name)), bool(str(clock.source))) == (
            clock.model._meta.app_label,
            True,
            True,
        )
        assert deadline_day(code, on=date(2026, 3, 2)).day > date(2026, 3, 2)


def test_the_board_shows_what_its_reader_may_see(client, city, staff):
    ticket = make_ticket(city, actor=staff)
    request = data_request_open(member=make_member(make_unit(city)), kind="correct", words="改名字")
    other = make_staff(make_organization())
    address = reverse("deadlines:deadline-list")
    page = sign_in(client, staff).get(address)
    assert {row.record.about_id for row in page.context["table"].rows} == {ticket.pk, request.pk}
    assert ticket.get_absolute_url() in page.content.decode()
    assert request.get_absolute_url() in page.content.decode()
    assert list(sign_in(client, other).get(address).context["table"].rows) == []
    editor = make_staff(city, Role.EDITOR)
    assert {row.record.about_id for row in sign_in(client, editor).get(address).context["table"].rows} == set()
    ticket_answer(ticket=ticket, actor=staff, answer="答复")
    sign_in(client, staff)
    assert [row.record.about_id for row in client.get(address).context["table"].rows] == [request.pk]
    met = client.get(address, {"state": "met"}).context["table"].rows
    assert [row.record.about_id for row in met] == [ticket.pk]
    everything = client.get(address, {"state": "all"}).context["table"].rows
    assert {row.record.about_id for row in everything} == {ticket.pk, request.pk}
    # A state that does not exist is named, and changes nothing.
    odd = client.get(address, {"state": "nonsense"})
    assert [row.record.about_id for row in odd.context["table"].rows] == [request.pk]
    assert odd.context["filter"].errors
    assert list(client.get(address, {"due": "over"}).context["table"].rows) == []


def test_the_page_of_a_row_says_how_its_day_was_counted(on_monday, client, city, staff):
    ticket = make_ticket(city, actor=staff)
    said = counted(ticket, CLOCK)
    assert "2026-03-02" in said
    assert said in sign_in(client, staff).get(ticket.get_absolute_url()).content.decode()
    request = data_request_open(member=make_member(make_unit(city)), kind="correct", words="改名字")
    assert counted(request, REQUEST) in client.get(request.get_absolute_url()).content.decode()
    Deadline.objects.update(due_on=date(2026, 3, 11), provisional=True, paused_days=2)
    parts = counted(ticket, CLOCK).split(" · ")
    assert (len(parts), "2026-03-09" in parts[3]) == (5, True)
    Deadline.objects.update(amount=None)
    assert counted(ticket, CLOCK) == str(clocks()[CLOCK].source)
    Deadline.objects.all().delete()
    assert counted(ticket, CLOCK) == ""


def test_the_board_asks_no_more_for_more_rows(client, city, staff, django_assert_max_num_queries):
    for _number in range(12):
        make_ticket(city, actor=staff)
    sign_in(client, staff).get(reverse("deadlines:deadline-list"))
    with django_assert_max_num_queries(30):
        client.get(reverse("deadlines:deadline-list"))


def test_two_steps_of_the_clock_at_once_take_each_step_once(fresh_database):
    province = make_province()
    make_law()
    make_ticket(province, actor=make_staff(province))
    Deadline.objects.update(due_on=timezone.localdate() - timedelta(days=2), provisional=False)
    taken = at_once(lambda _number: deadlines_keep_time(), range(4))
    assert sum(answer for answer in taken if isinstance(answer, int)) == 1
    assert Deadline.objects.get().state == DeadlineState.LATE
