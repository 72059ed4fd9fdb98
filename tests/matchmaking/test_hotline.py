"""The hotline: tickets due by working days, answered or transferred, never at the caller's own unit."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.hotline import TicketKind, TicketState
from matchmaking.models import HotlineTicket
from matchmaking.selectors.hotline import ticket_figures, ticket_places
from matchmaking.services.hotline import (
    CLOCK,
    ticket_answer,
    ticket_assign,
    ticket_close,
    ticket_log,
    ticket_reopen,
    ticket_transfer,
)
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.deadlines import reminders, todo
from portal.deadlines.clock import clocks
from portal.deadlines.models import Deadline
from portal.deadlines.services import deadline_day
from portal.messaging.models import Message
from tests.factories.matchmaking import make_law
from tests.factories.matchmaking_pairs import make_ticket
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
PHONE = "12077770001"


def code_of(work, **arguments):
    before = list(HotlineTicket.objects.values("state", "organization", "handler"))
    with pytest.raises(DomainError) as refusal:
        work(**arguments)
    assert list(HotlineTicket.objects.values("state", "organization", "handler")) == before
    return refusal.value.code


@pytest.mark.parametrize(
    ("called", "due"),
    [
        # Five working days in the golden calendar (27 September and 10 October 2026 are worked, 1 to 7 October free).
        (date(2026, 9, 28), date(2026, 10, 10)),
        (date(2026, 3, 2), date(2026, 3, 9)),
        (date(2026, 3, 6), date(2026, 3, 13)),
    ],
)
def test_a_call_is_due_after_five_working_days(called, due):
    make_law()
    call_command("load_calendar", verbosity=0)
    assert deadline_day(CLOCK, on=called).day == due


def make_tree():
    """Return a city, a county below it, and a unit of the county."""
    city = make_organization()
    county = make_organization(parent=city, kind="county")
    return city, county, make_unit(county)


def test_a_call_never_lies_with_the_callers_unit():
    city, county, unit = make_tree()
    for place in (unit, make_organization(parent=unit, kind="grassroots")):
        refused = {"actor": make_staff(place), "organization": place, "kind": "other", "subject": "a", "words": "b"}
        assert code_of(ticket_log, caller_unit=unit, **refused) == "own-unit"
    ticket = make_ticket(county, caller_unit=unit)
    at_unit, above = make_staff(unit), make_staff(city)
    assert not HotlineTicket.objects.visible_to(at_unit).exists()
    assert code_of(ticket_transfer, ticket=ticket, actor=above, organization=unit, reason="a") == "own-unit"
    assert unit not in ticket_places(make_staff(make_province()), caller_unit=unit)
    moved = ticket_transfer(ticket=ticket, actor=above, organization=city, reason="a")
    assert (moved.state, moved.organization_id, moved.handler_id) == (TicketState.TRANSFERRED, city.pk, None)
    # The caller works for the county's own union: neither the county nor a unit below it gets the ticket.
    own = make_ticket(city, caller_unit=county)
    for place in (county, unit):
        assert code_of(ticket_transfer, ticket=own, actor=above, organization=place, reason="a") == "own-unit"
    assert not HotlineTicket.objects.visible_to(make_staff(county)).filter(pk=own.pk).exists()


def test_a_unit_logs_a_call_of_its_own_people_at_the_level_above(client):
    _city, county, unit = make_tree()
    make_law()
    logger, answers = make_staff(unit), make_staff(county)
    sent = {"kind": "complaint", "subject": "示例", "words": "示例来话", "caller_unit_name": unit.name}
    sign_in(client, logger)
    refused = client.post(reverse("matchmaking:ticket-create"), {**sent, "organization": unit.pk})
    assert (refused.status_code, HotlineTicket.objects.count()) == (422, 0)
    kept = client.post(reverse("matchmaking:ticket-create"), {**sent, "organization": county.pk})
    ticket = HotlineTicket.objects.get()
    assert (kept.status_code, kept.url) == (302, reverse("matchmaking:ticket-list"))
    assert (ticket.organization_id, ticket.caller_unit_id, ticket.words) == (county.pk, unit.pk, "示例来话")
    assert client.get(ticket.get_absolute_url()).status_code == 404
    told = Message.objects.get(kind="matchmaking.ticket_transferred", recipient=answers)
    assert told.context == {"number": ticket.pk}


def test_who_is_assigned_works_here_or_above_and_reads_the_caller(client):
    city, county, _unit = make_tree()
    logger, other, above = make_staff(county), make_staff(county, Role.CADRE), make_staff(city)
    ticket = make_ticket(county, actor=logger, caller="示例来电", caller_phone=PHONE)
    stranger = make_staff(make_organization())
    assert code_of(ticket_assign, ticket=ticket, actor=logger, handler=stranger) == "no-holder"
    ticket_assign(ticket=ticket, actor=logger, handler=other)
    assert Message.objects.filter(kind="matchmaking.ticket_assigned", recipient=other).count() == 1
    for reader, reads in ((other, True), (logger, False), (above, False)):
        for page in ("detail", "print"):
            text = sign_in(client, reader).get(reverse(f"matchmaking:ticket-{page}", args=[ticket.pk])).content.decode()
            assert (PHONE in text, "示例来电" in text) == (reads, reads), (reader.pk, page)


def test_a_call_is_answered_closed_and_opened_again():
    ticket = make_ticket()
    actor = ticket.taken_by
    assert code_of(ticket_close, ticket=ticket, actor=actor) == "no-such-step"
    ticket = ticket_answer(ticket=ticket, actor=actor, answer="已答复")
    assert (ticket.state, ticket.answered_at is None) == (TicketState.ANSWERED, False)
    assert code_of(ticket_assign, ticket=ticket, actor=actor, handler=actor) == "answered"
    ticket = ticket_close(ticket=ticket, actor=actor)
    assert (ticket.state, ticket.closed_at is None) == (TicketState.CLOSED, False)
    HotlineTicket.objects.filter(pk=ticket.pk).update(due_on=date(2020, 1, 1))
    ticket = ticket_reopen(ticket=ticket, actor=actor, reason="又来电")
    assert (ticket.state, ticket.closed_at, ticket.due_on > timezone.localdate()) == (TicketState.OPEN, None, True)


def test_words_stand_in_no_entry_and_no_message():
    ticket = make_ticket(words="示例秘密", caller="示例来电", caller_phone=PHONE)
    ticket_answer(ticket=ticket, actor=ticket.taken_by, answer="示例回答")
    kept = str(list(AuditEntry.objects.values())) + str(list(Message.objects.values()))
    assert [word for word in ("示例秘密", "示例来电", PHONE, "示例回答") if word in kept] == []


def put_due(ticket, day):
    """Move the due day of a ticket and of its deadline."""
    HotlineTicket.objects.filter(pk=ticket.pk).update(due_on=day)
    Deadline.objects.filter(code=CLOCK, about_id=ticket.pk).update(due_on=day)


def test_due_calls_wait_for_who_answers_them():
    city = make_organization()
    ours, hers = make_staff(city), make_staff(city, Role.CADRE)
    make_ticket(city, actor=ours)
    soon, late, given = (make_ticket(city, actor=ours) for _number in range(3))
    today = timezone.localdate()
    for ticket, days in ((soon, 1), (late, -1), (given, 0)):
        put_due(ticket, today + timedelta(days=days))
    ticket_assign(ticket=given, actor=ours, handler=hers)

    def waiting(actor):
        return {item.url for item in todo.items_for(actor)}

    unassigned = {soon.get_absolute_url(), late.get_absolute_url()}
    assert waiting(ours) == unassigned
    assert waiting(hers) == unassigned | {given.get_absolute_url()}
    assert waiting(make_staff(make_province())) == set()
    now = timezone.now()
    clock = clocks()[CLOCK]
    assert {(due.about.pk, due.to.pk) for due in reminders.due(clock, now)} >= {(given.pk, hers.pk), (soon.pk, ours.pk)}
    assert {due.about.pk for due in reminders.overdue(clock, now)} == {late.pk}


def test_the_list_starts_with_what_is_due_and_counts_by_kind(client):
    city = make_organization()
    staff = make_staff(city)
    done = make_ticket(city, actor=staff, kind=TicketKind.COMPLAINT)
    ticket_answer(ticket=done, actor=staff, answer="a")
    later, sooner = make_ticket(city, actor=staff), make_ticket(city, actor=staff)
    HotlineTicket.objects.filter(pk=sooner.pk).update(due_on=date(2020, 1, 1))
    make_ticket(make_organization())
    page = sign_in(client, staff).get(reverse("matchmaking:ticket-list"))
    assert [row.record.pk for row in page.context["table"].rows] == [sooner.pk, later.pk, done.pk]
    counted = {str(label): (calls, left) for label, calls, left in page.context["figures"]}
    assert {numbers for numbers in counted.values() if any(numbers)} == {(2, 2), (1, 0)}
    own = HotlineTicket.objects.visible_to(staff)
    assert sum(calls for _label, calls, _left in ticket_figures(own)) == 3
