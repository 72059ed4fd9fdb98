"""A year of small events over all cities, with their pairs and what became of them.

The rows are written in bulk, since they lie in the past.
"""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

from deploy.demo_data.accounts import members_of
from deploy.demo_data.cast import HARBIN, QIQIHAR, SEED
from deploy.demo_data.cities import LOGINS
from matchmaking import consents
from matchmaking.choices.budgets import CostKind
from matchmaking.choices.events import EventMode, EventState
from matchmaking.choices.follow_ups import FollowUpResult, FollowUpState
from matchmaking.choices.pairs import PairState
from matchmaking.choices.partners import PartnerKind
from matchmaking.demo.library import library
from matchmaking.demo.sayings import FOLLOW_UPS
from matchmaking.demo.words import line
from matchmaking.models import EventCost, EventPartner, EventTheme, FollowUp, MatchEvent, Pair, Participation
from matchmaking.services.budgets import budget_create
from matchmaking.services.choosing import figures_touch
from matchmaking.services.follow_ups import due_days
from portal.core.choices import Sex
from portal.core.fields import reserve_pks
from portal.members.models import Consent
from portal.messaging.services.touching import touches_post
from portal.signups.choices import SignUpState

EVENTS = 60
PARTNERS = (
    (PartnerKind.YOUTH_LEAGUE, "示例团省委"),
    (PartnerKind.PROVINCIAL_ORGANS, "示例省直机关工委"),
    (PartnerKind.MEDIA, "示例电视台"),
    (PartnerKind.EMPLOYER, "示例咖啡公司"),
)


class Ground:
    """The demo at the start of the planning: organisations by code, staff by login name."""

    def __init__(self, world):
        self.world, self.people, self.staff, self.members = world, world.people, world.staff, world.members
        self.places = world.places
        self.rng = random.Random(SEED + 20)  # noqa: S311 - events of invented people
        self.cities = {city.region_id: city for city in world.cities}
        self.cadre, self.chair = self.staff["sheng-ganbu"], self.staff["sheng-zhuxi"]

    def organisers(self, city):
        """Return the two members of staff of a city: the one who plans events, and the one who approves them."""
        login = LOGINS.get(city, "shi")
        return self.staff[f"{login}-ganbu"], self.staff["shi-shenhe" if city == HARBIN else f"{login}-zhuxi"]


def folk_of(ground):
    """Return the members who took part in past events, by city code.

    The first man and the first woman of each city, whom the demo shows, are left out.
    """
    found = {}
    for city in ground.people.cities:
        persons = [single.person for single in city.singles[2:]]
        rows = members_of(persons)
        found[city.code] = [rows[person.phone] for person in persons]
    found[HARBIN] = [ground.members[single.person.phone] for single in ground.people.singles[100:400]]
    return found


def past_year(ground, series, venues):
    """Write small events of the past year, in the form that services write: held, with pairs and reports.

    There are sixty of them in thirteen cities, and fewer if the demo has fewer cities.
    """
    themes = list(EventTheme.objects.exclude(name__in=["边守·边爱", "军警专场"]))
    folk = folk_of(ground)
    # Each city once, and the rest by size, so that every city has a recent event and large cities have more events.
    turns = [HARBIN] * 5 + [city.code for city in ground.people.cities for _ in range(city.size)]
    codes = [*sorted(ground.cities), *ground.rng.sample(turns, len(turns))]
    codes += ground.rng.sample(turns, min(EVENTS - len(codes), len(turns)))
    apart = timedelta(days=360 // len(codes))
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    events = [
        _past_event(ground, code, themes, series, venues, now - timedelta(days=8) - number * apart)
        for number, code in enumerate(codes)
    ]
    MatchEvent.objects.bulk_create(event for _code, event in events)
    rows, pairs, agreed = [], [], []
    for code, event in events:
        seats = _seats(ground, event, folk[code])
        rows += seats
        agreed += [_consent(row) for row in seats]
        men = [row for row in seats if row.pool == "men"]
        women = [row for row in seats if row.pool == "women"]
        for him, her in list(zip(men, women, strict=False))[: round(len(seats) * ground.rng.uniform(0.04, 0.15))]:
            low, high = sorted((him, her), key=lambda row: row.pk)
            held_on = timezone.localdate(event.choice_closes_at)
            pairs.append(Pair(event=event, one=low, two=high, held_on=held_on, **_life(ground.rng, held_on)))
    Participation.objects.bulk_create(rows, batch_size=500)
    _call_back(ground.rng, Pair.objects.bulk_create(pairs, batch_size=500))
    Consent.objects.bulk_create(agreed, batch_size=500)
    _money(ground, [event for _code, event in events])
    _partners(ground, [event for _code, event in events])
    for _code, event in events:
        figures_touch(event)
    label = Pair._meta.label_lower
    married = [(pair.event.organization_id, pair.registered_on) for pair in pairs if pair.registered_on]
    touches_post([(label, place, day, day) for place, day in married])
    return [event for _code, event in events]


def _past_event(ground, code, themes, series, venues, day):
    theme = ground.rng.choice(themes)
    begins = day.replace(hour=ground.rng.choice((9, 14, 19)))
    places = ground.rng.randrange(8, 15)
    city = ground.cities[code]
    offline = theme.mode == EventMode.OFFLINE
    cadre, chair = ground.organisers(code)
    event = MatchEvent(
        organization=city,
        title=f"{city.short_name}·{theme.name}",
        summary=theme.summary,
        mode=theme.mode,
        series=series.get(code, series["230000"]),
        theme=theme,
        venue=ground.rng.choice(venues[code]) if offline else None,
        starts_at=begins,
        ends_at=begins + timedelta(hours=3),
        signup_opens_at=begins - timedelta(days=20),
        signup_closes_at=begins - timedelta(days=3),
        choice_opens_at=begins + timedelta(hours=4),
        choice_closes_at=begins + timedelta(days=2),
        men_quota=places,
        women_quota=places,
        state=EventState.REPORTED if ground.rng.random() < 0.7 else EventState.CLOSED,
        created_by=cadre,
        submitted_by=cadre,
        submitted_at=begins - timedelta(days=25),
        approved_by=chair,
    )
    return code, event


def _life(rng, held_on):
    """Return the state of a pair from that day: the longer ago, the more pairs have married or parted."""
    today = timezone.localdate()
    age, chance = (today - held_on).days, rng.random()
    if age > 120 and chance < 0.2:
        on = held_on + timedelta(days=rng.randrange(90, age))
        return _both(PairState.REGISTERED, registered_on=on, one_registered_on=on, two_registered_on=on)
    if age > 20 and chance > 0.82:
        return _both(PairState.ENDED, ended_on=held_on + timedelta(days=rng.randrange(5, age)))
    if age > 60 and chance < 0.35:
        return _both(PairState.ENGAGED)
    if age > 10 and chance < 0.65:
        return _both(PairState.DATING)
    return _both(PairState.HAND_HOLDING, quiet=chance > 0.76)


def _both(state, **fields):
    """Return the columns of a pair for which both people say the same."""
    return {"state": state, "one_says": state, "two_says": state, **fields}


def _call_back(rng, pairs):
    """Write the follow-ups of ``pairs``: most were made in time, some are overdue, some are not wanted."""
    today = timezone.localdate()
    days = {held_on: due_days(held_on) for held_on in {pair.held_on for pair in pairs}}
    rows = [
        FollowUp(pair=pair, kind=kind, due_on=day, **_call(rng, pair, day, today))
        for pair in pairs
        for kind, day in days[pair.held_on].items()
    ]
    for row, pk in zip(rows, reserve_pks(FollowUp, len(rows)), strict=True):
        row.pk = pk
    FollowUp.objects.bulk_create(rows, batch_size=500)


def _call(rng, pair, day, today):
    settled = pair.registered_on or pair.ended_on
    if pair.quiet or (settled and settled < day):
        return {"state": FollowUpState.STOPPED}
    late = (today - day).days
    if late < 0 or (late < 60 and rng.random() < (0.5 if late < 15 else 0.2)):
        return {"state": FollowUpState.DUE}
    apart = pair.state == PairState.ENDED and rng.random() < 0.4
    reached = FollowUpResult.APART if apart else FollowUpResult.REACHED
    return {
        "state": FollowUpState.DONE,
        "done_on": min(day + timedelta(days=rng.randrange(4)), today),
        "done_by": pair.event.created_by,
        "result": FollowUpResult.NOT_REACHED if rng.random() < 0.15 else reached,
        "words": rng.choice(FOLLOW_UPS),
    }


def _seats(ground, event, people):
    """Return the participants of an event: about as many men as women, up to the number of its places."""
    found, place = [], 0
    for sex, pool in ((Sex.MALE, "men"), (Sex.FEMALE, "women")):
        side = [member for member in people if member.sex == sex]
        for member in ground.rng.sample(side, min(event.men_quota - ground.rng.randrange(3), len(side))):
            place += 1
            found.append(
                Participation(
                    offering=event,
                    member=member,
                    unit_id=member.organization_id,
                    pool=pool,
                    place=place,
                    age=event.starts_at.year - (member.birth_year or 1996),
                    line=line(ground.rng),
                    state=SignUpState.CONFIRMED,
                    checked_in_at=event.starts_at if ground.rng.random() < 0.85 else None,
                )
            )
    for row, pk in zip(found, reserve_pks(Participation, len(found)), strict=True):
        row.pk = pk
    return found


def _consent(row):
    return Consent(
        member=row.member,
        purpose=consents.EVENT.code,
        version=consents.EVENT.version,
        about_id=row.offering_id,
        language=get_language() or "",
        text_digest=consents.EVENT.digest,
        channel="web",
    )


def _money(ground, events):
    """Write costs of past events, and budgets of province, cities and some counties for two years."""
    costs = []
    for event in events:
        for kind in ground.rng.sample(CostKind.values, 3):
            planned = Decimal(ground.rng.randrange(4, 40) * 100)
            spent = (planned * Decimal(ground.rng.randrange(80, 112)) / 100).quantize(Decimal("0.01"))
            costs.append(EventCost(event=event, kind=kind, planned=planned, spent=spent))
    EventCost.objects.bulk_create(costs, batch_size=500)
    this_year = timezone.localdate().year
    counties = [row for code, row in sorted(ground.places.items()) if code.startswith("2301") and code != HARBIN][:3]
    for year in (this_year - 1, this_year):
        for place, planned in (
            (ground.places["230000"], 600_000),
            *((city, 90_000) for city in ground.cities.values()),
            *((county, 12_000) for county in counties),
        ):
            budget_create(
                actor=ground.cadre, organization=place, year=year, planned=Decimal(planned + (year - this_year) * 1000)
            )


def _partners(ground, events):
    rows = []
    for number, event in enumerate(events):
        kind, name = PARTNERS[number % len(PARTNERS)]
        rows.append(EventPartner(event=event, kind=kind, name=name))
        if number % 6 == 0:
            union = ground.cities[QIQIHAR if event.organization_id != ground.cities[QIQIHAR].pk else HARBIN]
            rows.append(
                EventPartner(
                    event=event,
                    kind=PartnerKind.UNION,
                    name=union.name,
                    organization=union,
                    contribution="组织职工参加",
                )
            )
    EventPartner.objects.bulk_create(rows)


def past_year_load(world):
    """Load the past year; return its ``Ground``, the series and the venues."""
    ground = Ground(world)
    series, venues = library(ground)
    past_year(ground, series, venues)
    return ground, series, venues
