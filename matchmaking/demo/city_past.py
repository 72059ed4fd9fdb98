"""Group weddings, publicity, hotline tickets and demands of the demo's other cities."""

from datetime import timedelta
from itertools import islice

from django.utils import timezone

from matchmaking.choices.publicity import Medium
from matchmaking.demo.city_words import PURPOSES, RELEASES, WEDDINGS
from matchmaking.demo.past_event import (
    apart,
    couple_apply,
    couple_begin,
    wedding_announce,
    wedding_pass,
)
from matchmaking.demo.sayings import CALLS, DECLINED, TICKET_PASSED, UNIT_WISHES, WISHES
from matchmaking.demo.stage import put_due
from matchmaking.models import EventTheme, MatchEvent
from matchmaking.services.couples import couple_accept
from matchmaking.services.demands import demand_create, demand_decline, demands_attach
from matchmaking.services.hotline import ticket_answer, ticket_assign, ticket_close, ticket_log, ticket_transfer
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.services.publicity import nomination_answer, nomination_ask, release_record

PROGRAMMES = {
    Medium.TELEVISION: "咱们工人",
    Medium.RADIO: "职工之声",
    Medium.ONLINE: "工会公众号",
    Medium.NEWSPAPER: "工人报",
}


def past_load(town):
    """Load everything of this module for a city."""
    if town.code in WEDDINGS:
        weddings(town)
    accompany(town)
    publicity(town)
    calls(town)
    demands(town)


def accompany(town):
    """Assign today's helpers to the latest events as their matchmakers."""
    latest = MatchEvent.objects.filter(organization=town.organization).held().order_by("-starts_at")
    for event in latest[: town.size]:
        matchmakers_set(event=event, members=town.helpers[: 1 + town.size // 2], actor=town.cadre)


def weddings(town):
    """Create a held wedding where there are enough couples, and one that is open for couples."""
    title, place = WEDDINGS[town.code]
    free, stage = apart(town.couples), town.stage
    if len(free) > 3:
        past = wedding_announce(stage, f"金秋·{title}", place, days=14, most=8)
        wedding_pass(stage, past, [free.pop() for _ in range(2)], days=30 + town.number * 9)
    coming = wedding_announce(stage, f"迎春·{title}", place, days=45 + town.number * 2, most=6)
    couples = [couple_apply(coming, pair) for pair in free[:3]]
    if couples:
        couple_accept(couple=couples[0], actor=town.cadre)
    for pair in free[3:4]:
        couple_begin(coming, pair)


def publicity(town):
    """Ask one or two people for their story, and record publications."""
    people = [pair.one.member for pair in town.couples][: town.size - 1]
    for number, member in enumerate(people):
        medium = town.word(list(PROGRAMMES), number)
        row = nomination_ask(
            actor=town.cadre,
            organization=town.organization,
            phone=member.phone,
            medium=medium,
            programme=PROGRAMMES[medium],
            purpose=town.word(PURPOSES, number),
        )
        if (town.number + number) % 3:
            row = nomination_answer(nomination=row, actor=member, agree=(town.number + number) % 3 == 1)
    event = MatchEvent.objects.filter(organization=town.organization).held().order_by("-starts_at").first()
    for number, (medium, title, outlet) in enumerate(islice(town.words(RELEASES), town.size)):
        release_record(
            actor=town.cadre,
            organization=town.organization,
            event=event if number == 0 else None,
            medium=medium,
            title=title.format(city=town.organization.short_name),
            outlet=outlet,
            published_on=timezone.localdate() - timedelta(days=4 + town.number + 23 * number),
        )


def calls(town):
    """Create hotline tickets: new, assigned, overdue, answered, closed.

    In some cities tickets are passed on to the province.
    """
    today = timezone.localdate()
    for number, (kind, subject, words, answer) in enumerate(islice(town.words(CALLS), town.size * 3)):
        named = number % 3 == 1
        ticket = ticket_log(
            actor=town.cadre,
            organization=town.organization,
            kind=kind,
            subject=subject,
            words=words,
            caller="示例来电人" if named else "",
            caller_phone=f"1200991{town.number * 20 + number:04d}" if named else "",
        )
        turn = (number + town.number % 2) % 6  # the first ticket stays open
        if turn == 0:
            ticket_assign(ticket=ticket, actor=town.chair, handler=town.cadre)
        elif turn == 1:
            put_due(ticket, today + timedelta(days=1 if number % 4 else -2))
        elif turn == 2 and town.number % 3 == 0:
            ticket_transfer(
                ticket=ticket,
                actor=town.cadre,
                organization=town.organization.parent,
                reason=town.word(TICKET_PASSED),
            )
        else:
            ticket = ticket_answer(ticket=ticket, actor=town.cadre, answer=answer)
            if turn > 3:
                ticket_close(ticket=ticket, actor=town.cadre)


def demands(town):
    """Create demands of singles and units: open, answered by an event, declined."""
    themes = list(EventTheme.objects.order_by("order")[:12])
    singles = [town.members[one.person.phone] for one in town.singles[4 : 5 + town.size]]
    wishes = zip(singles, town.words(WISHES), strict=False)
    made = [
        demand_create(
            actor=member,
            organization=member.organization,
            for_unit=False,
            wish=wish,
            theme=town.word(themes, number) if number % 2 else None,
        )
        for number, (member, wish) in enumerate(wishes)
    ]
    demand_create(
        actor=town.cadre,
        organization=singles[0].organization,
        for_unit=True,
        wish=town.word(UNIT_WISHES),
        people=20 + town.number % 5 * 6,
    )
    if town.size > 1:
        event = MatchEvent.objects.filter(organization=town.organization, state="published", restricted=False).first()
        demand = type(made[0]).objects.filter(pk=made[0].pk)
        demands_attach(actor=town.cadre, demands=demand, event=event)
        demand_decline(actor=town.cadre, demand=made[1], answer=town.word(DECLINED))
