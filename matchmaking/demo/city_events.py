"""Current events of the demo's other cities: open, in the choice round, planned, by invitation.

Some have a partner.
"""

from datetime import timedelta

from django.utils import timezone

from matchmaking.choices.events import EventMode
from matchmaking.choices.partners import PartnerKind
from matchmaking.demo.city_words import CANCELLED, EVENTS, OTHERS, RESTRICTED, RETURNED
from matchmaking.demo.sayings import CALLS, UNIT_WISHES
from matchmaking.demo.stage import declare, mixed, put_due, windows_ahead, windows_in_choice
from matchmaking.demo.words import line
from matchmaking.models import EventTheme, MatchEvent
from matchmaking.services.demands import demand_create
from matchmaking.services.events import event_cancel, event_close_sign_up, event_create, event_publish, event_return
from matchmaking.services.hotline import ticket_assign, ticket_log
from matchmaking.services.invitations import invitation_add
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.services.participations import event_join, event_leave
from matchmaking.services.partners import partner_add

# By the size of a city: places on each list of the open event, and number of choosing people of each sex.
PLACES = {3: 6, 2: 5, 1: 3}
CHOOSING = {3: 6, 2: 5, 1: 4}


def events_load(town, neighbour):
    """Load the current events of a city; ``neighbour`` helps with the open event."""
    coming, choosing, planned = EVENTS[town.code]
    open_event(town, coming, neighbour)
    choice_event(town, choosing)
    planned_event(town, planned)
    others(town)
    if town.code in RESTRICTED:
        restricted_event(town)


def open_event(town, words, neighbour):
    """Create an open event: the women's list is full, and some women wait.

    The place of a woman who left is offered to the next in line.
    """
    title, summary, place = words
    # Two women more than places: one leaves, one is offered that place, one waits.
    places = min(PLACES[town.size], len(town.women) - 2)
    stage, opens = town.stage, -2 - town.number % 5
    event = stage.plan(
        title,
        summary,
        times=windows_ahead(opens=opens, closes=6 + town.number % 6, choice=10 + town.number % 6),
        places=(places, places),
        mode=EventMode.OFFLINE,
        place=place,
    )
    if town.number % 2 == 0:
        partner_add(
            actor=town.cadre,
            event=event,
            kind=PartnerKind.UNION,
            organization=neighbour,
            contribution="派出红娘，提供往返车辆",
        )
    event = stage.publish(event)
    signed = stage.join(event, mixed(town.rng, town.women[: places + 2], town.men[: places - 2]))
    leaves = next(phone for phone, row in signed.items() if row.pool == "women" and row.state == "confirmed")
    event_leave(participation=signed[leaves], actor=town.members[leaves])


def choice_event(town, words):
    """Create a choice round with some people; the first man and the first woman have not chosen yet."""
    title, summary, place = words
    count, stage = CHOOSING[town.size], town.stage
    event = stage.plan(
        title,
        summary,
        times=windows_in_choice(),
        places=(count + 2, count + 2),
        mode=EventMode.OFFLINE,
        place=place,
    )
    event = stage.publish(event)
    men, women = town.men[:count], town.women[:count]
    stage.join(event, mixed(town.rng, men, women))
    matchmakers_set(event=event, members=town.helpers[:2], actor=town.cadre)
    event = stage.open_choice(event)
    silent = {men[0].person.phone, women[0].person.phone}
    stage.choose(event, men, women, pairs=1 + town.size // 2, silent=silent)


def planned_event(town, words):
    """Create an event that waits for approval, in some cities for more than five days."""
    title, summary, place = words
    stage, opens = town.stage, 3 + town.number % 7
    event = stage.plan(
        title,
        summary,
        times=windows_ahead(opens=opens, closes=opens + 12, choice=opens + 16),
        places=(20, 20),
        mode=EventMode.OFFLINE,
        place=place,
    )
    event = stage.submit(event)
    waits = timedelta(days=town.number % 8, hours=3)
    MatchEvent.objects.filter(pk=event.pk).update(submitted_at=timezone.now() - waits)


def others(town):
    """Create, in turn, a draft, returned, approved and cancelled event, and one with a closed list."""
    makers = (draft, returned, approved, closed, cancelled)
    for step in range(town.size):
        makers[(town.number + step) % len(makers)](town, *town.word(OTHERS, step))


def plan(town, title, summary, opens=10):
    """Plan another event."""
    times = windows_ahead(opens=opens, closes=opens + 10, choice=opens + 13)
    return town.stage.plan(title, summary, times=times, places=(12, 12))


def draft(town, title, summary):
    plan(town, title, summary, opens=20)


def returned(town, title, summary):
    event = town.stage.submit(plan(town, title, summary, opens=8))
    event_return(event=event, actor=town.chair, reason=town.word(RETURNED))


def approved(town, title, summary):
    town.stage.approve(plan(town, title, summary, opens=5))


def closed(town, title, summary):
    event = town.stage.publish(plan(town, title, summary, opens=-9))
    town.stage.join(event, mixed(town.rng, town.women[2:6], town.men[2:6]))
    event_close_sign_up(event=event, actor=town.cadre)


def cancelled(town, title, summary):
    event = town.stage.publish(plan(town, title, summary, opens=-4))
    town.stage.join(event, town.women[1:4])
    event_cancel(event=event, actor=town.cadre, reason=town.word(CANCELLED))


def restricted_event(town):
    """Create an event by invitation: some people are on its list, some of them have signed up."""
    title, group, summary = RESTRICTED[town.code]
    event = event_create(
        actor=town.cadre,
        organization=town.organization,
        title=title,
        summary=summary,
        mode=EventMode.OFFLINE,
        place="地点只告知受邀者",
        theme=EventTheme.objects.get(name="军警专场" if group == "services" else "边守·边爱"),
        target_group=group,
        restricted=True,
        men_quota=10,
        women_quota=10,
        **windows_ahead(opens=-3, closes=9, choice=12),
    )
    event = town.stage.approve(event)
    invited = [town.members[one.person.phone] for one in (*town.men[4:9], *town.women[4:9])]
    for member in invited:
        invitation_add(actor=town.cadre, event=event, member=member)
    event = event_publish(event=event, actor=town.cadre)
    standing = declare(invited[::2])
    for member in [one for one in invited[::2] if one.pk in standing]:
        event_join(event=event, member=member, actor=member, line=line(town.rng))


def county_load(town, county, cadre, chair):
    """Create a county's open event, one awaiting its chair's approval, a hotline ticket and a demand.

    The ticket is assigned to the county's cadre.
    """
    stage = type(town.stage)(organization=county, proposer=cadre, approver=chair, members=town.members)
    own = [one for one in town.singles if one.unit.county == county.region_id]
    units = [town.members[one.person.phone].organization for one in own]
    event = stage.publish(
        stage.plan(
            f"{county.short_name}·周末早市散步",
            "周末一早逛早市、吃早餐，午前散场。",
            times=windows_ahead(opens=-2, closes=8, choice=11),
            places=(6, 6),
            mode=EventMode.OFFLINE,
            place=f"{county.short_name}示例早市东门",
        )
    )
    stage.join(event, own)
    stage.submit(
        stage.plan(
            f"{county.short_name}·冬至饺子宴",
            "一起包饺子，馅料抽签决定，吃完各带一份回家。",
            times=windows_ahead(opens=2, closes=14, choice=18),
            places=(10, 10),
            mode=EventMode.OFFLINE,
            place=f"{county.short_name}示例职工食堂",
        )
    )
    kind, subject, words, _answer = town.word(CALLS)
    ticket = ticket_log(actor=cadre, organization=county, kind=kind, subject=subject, words=words)
    ticket_assign(ticket=ticket, actor=chair, handler=cadre)
    put_due(ticket, timezone.localdate() + timedelta(days=1))
    demand_create(actor=cadre, organization=units[0], for_unit=True, wish=town.word(UNIT_WISHES, 3), people=16)


def joint_event(province, towns):
    """Create an event of the province with the unions of eight cities, with the first sign-ups."""
    event = province.plan(
        "会聚良缘·爱在龙江·八城联谊",
        "八个城市的工会一起办：线上自我介绍一周，元旦前在省城见面，往返由各市工会组织。",
        times=windows_ahead(opens=-5, closes=15, choice=20),
        places=(60, 60),
    )
    for town in towns[:8]:
        partner_add(
            actor=province.proposer,
            event=event,
            kind=PartnerKind.UNION,
            organization=town.organization,
            contribution="组织本市职工参加",
        )
    event = province.publish(event)
    province.join(event, [one for town in towns[:8] for one in (*town.women[3:5], *town.men[3:5])])
