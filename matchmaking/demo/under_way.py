"""Further current events of the demo: by invitation and with review; and demands for events."""

from datetime import timedelta

from django.utils import timezone

from matchmaking.choices.demands import DemandState
from matchmaking.choices.events import EventMode, EventState
from matchmaking.demo.stage import declare, windows_ahead
from matchmaking.demo.words import line
from matchmaking.models import EventDemand, EventTheme, MatchEvent
from matchmaking.services.demands import demand_create, demand_decline, demand_withdraw, demands_attach
from matchmaking.services.events import (
    event_approve,
    event_begin,
    event_close_sign_up,
    event_create,
    event_publish,
    event_shortlist,
    event_submit,
)
from matchmaking.services.invitations import invitation_add
from matchmaking.services.participations import event_join
from matchmaking.services.reviewing import signups_review
from portal.members.choices import MaritalStatus
from portal.members.models import Member

HEIHE = "231100"
WISHES = ("周末读书会", "冬天一起滑雪", "下班后的三分钟约会", "徒步加露营", "看电影聊电影", "烘焙手作")


def under_way_load(world, stage, planned):
    """Load everything of this module; ``planned`` holds what the past year was planned from."""
    ground, series, venues = planned
    restricted_event(ground, series, venues)
    under_way(ground, stage)
    demands(ground)


def restricted_event(ground, series, venues):
    """Create a meeting for border guards by invitation, with some sign-ups.

    One unit and some people are invited.
    """
    # The city at the border, or the last city if the demo has fewer cities.
    code = HEIHE if HEIHE in ground.cities else max(ground.cities)
    city = ground.cities[code]
    event = event_create(
        actor=ground.cadre,
        organization=city,
        title="边守·边爱·初冬相约",
        summary="为戍边青年安排的见面会。定向邀请，不拍照，请勿转发。",
        mode=EventMode.OFFLINE,
        series=series["230000"],
        theme=EventTheme.objects.get(name="边守·边爱"),
        venue=venues[code][0],
        target_group="border_guards",
        restricted=True,
        men_quota=15,
        women_quota=15,
        balance_tolerance=3,
        **windows_ahead(opens=-2, closes=12, choice=15),
    )
    event = event_submit(event=event, actor=ground.cadre)
    event = event_approve(event=event, actor=ground.chair)
    folk = Member.objects.filter(organization__path__startswith=city.path, marital_status=MaritalStatus.SINGLE)
    folk = list(folk.select_related("organization").order_by("pk")[:24])
    invitation_add(actor=ground.cadre, event=event, unit=folk[0].organization)
    for member in folk[10:24]:
        invitation_add(actor=ground.cadre, event=event, member=member)
    event = event_publish(event=event, actor=ground.cadre)
    standing = declare(folk[10:20])
    for member in [one for one in folk[10:20] if one.pk in standing]:
        event_join(event=event, member=member, actor=member, line=line(ground.rng))
    return event


def under_way(ground, stage):
    """Create two current events: one with a reviewed and settled list, one where check-in is open."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    found = []
    for title, women, men, begins in (
        ("教师专场·冬日恳谈", slice(100, 108), slice(100, 107), now + timedelta(days=3)),
        ("剧本游戏·一桌六人", slice(110, 116), slice(110, 116), now + timedelta(hours=1)),
    ):
        event = event_create(
            actor=stage.proposer,
            organization=stage.organization,
            title=title,
            summary="小规模见面，报名需经审核。",
            mode=EventMode.OFFLINE,
            needs_review=True,
            men_quota=8,
            women_quota=8,
            signup_opens_at=now - timedelta(days=9),
            signup_closes_at=now + timedelta(minutes=30),
            starts_at=begins,
            ends_at=begins + timedelta(hours=3),
            choice_opens_at=begins + timedelta(hours=4),
            choice_closes_at=begins + timedelta(days=3),
        )
        event = stage.publish(event)
        stage.join(event, [*ground.people.women[women], *ground.people.men[men]])
        signups_review(participations=event.signups.all(), accept=True, actor=stage.proposer)
        event = event_close_sign_up(event=event, actor=stage.proposer)
        event = event_shortlist(event=event, actor=stage.proposer)
        found.append(event)
    event_begin(event=found[1], actor=stage.proposer)
    return found


def demands(ground):
    """Create demands of units and singles in every state; some are answered by an event."""
    themes = list(EventTheme.objects.all()[:6])
    planned = MatchEvent.objects.filter(state=EventState.PUBLISHED, restricted=False).first()
    singles = [ground.members[single.person.phone] for single in ground.people.singles[200:224]]
    made = [
        demand_create(
            actor=member,
            organization=member.organization,
            for_unit=False,
            wish=WISHES[number % len(WISHES)],
            theme=themes[number % len(themes)],
        )
        for number, member in enumerate(singles)
    ]
    unit = ground.staff["jiceng-ganbu"]
    made += [
        demand_create(
            actor=unit,
            organization=unit.organization,
            for_unit=True,
            wish=wish,
            theme=theme,
            people=people,
        )
        for wish, theme, people in (("车间青年联谊", themes[0], 30), ("冰雪运动会", None, 45))
    ]
    attached = EventDemand.objects.filter(pk__in=[row.pk for row in made[:6]])
    demands_attach(actor=ground.staff["shi-ganbu"], demands=attached, event=planned)
    demand_decline(actor=ground.staff["shi-ganbu"], demand=made[6], answer="雪季还没到，十二月统一安排。")
    demand_withdraw(actor=made[7].asked_by, demand=made[7])
    if (states := set(EventDemand.objects.values_list("state", flat=True))) != set(DemandState.values):
        raise ValueError(f"demands in these states only: {sorted(states)}")
    return made
