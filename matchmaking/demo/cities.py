"""The demo's other twelve cities: people, current events, matchmakers at work, and later events."""

from itertools import cycle
from random import Random

from deploy.demo_data.cast import HARBIN, LONGSHA, NINGAN, PROVINCE, SEED
from deploy.demo_data.cities import LOGINS
from deploy.demo_data.people import FEMALE, MALE
from matchmaking.choices.pairs import PairState
from matchmaking.demo.city_care import care_load
from matchmaking.demo.city_events import county_load, events_load, joint_event
from matchmaking.demo.city_past import past_load
from matchmaking.demo.past_event import apart
from matchmaking.demo.stage import Stage
from matchmaking.models import Pair

OTHERS = 8
SETTLED = (PairState.ENGAGED, PairState.REGISTERED)


class Town:
    """A city with the people that its events and services need.

    ``number`` counts the cities, so that their texts differ. ``singles`` have accounts and no partner yet, ``couples``
    are the latest pairs that are engaged or married.
    """

    def __init__(self, number, plan, world):
        self.number, self.plan, self.code, self.size = number, plan, plan.code, plan.size
        self.organization, self.places = world.places[plan.code], world.places
        self.rng = Random(SEED + 40 + number)  # noqa: S311 - events of invented people
        self.cadre, self.chair = (world.staff[f"{LOGINS[self.code]}-{post}"] for post in ("ganbu", "zhuxi"))
        pairs = Pair.objects.filter(event__organization=self.organization, state__in=SETTLED)
        people = ("event", "one__member__organization", "two__member__organization")
        pairs = apart(pairs.select_related(*people).order_by("held_on", "pk"))
        settled = {row.member.phone for pair in pairs for row in (pair.one, pair.two)}
        free = [single for single in plan.singles if single.person.phone not in settled]
        self.singles, rest = free[: len(plan.signed_in)], free[len(plan.signed_in) :]
        # Singles whose declaration is not valid, for different reasons; those whose own unit can be asked come first.
        self.others = sorted(rest, key=lambda single: single.unit != plan.units[0])[:OTHERS]
        self.couples = pairs[-2 - self.size :]
        theirs = {row.member.phone for pair in self.couples for row in (pair.one, pair.two)}
        self.settled = [single for single in plan.singles if single.person.phone in theirs]
        self.members = {}

    @property
    def persons(self):
        """The people whose accounts are opened."""
        people = (*self.singles, *self.others, *self.settled)
        return [*(single.person for single in people), *self.plan.volunteers]

    @property
    def men(self):
        return [single for single in self.singles if single.person.sex == MALE]

    @property
    def women(self):
        return [single for single in self.singles if single.person.sex == FEMALE]

    @property
    def helpers(self):
        return [self.members[person.phone] for person in self.plan.volunteers]

    @property
    def stage(self):
        return Stage(organization=self.organization, proposer=self.cadre, approver=self.chair, members=self.members)

    def word(self, words, step=0):
        """Return one of ``words``; the next city gets another one."""
        return words[(self.number * 5 + step) % len(words)]

    def words(self, words):
        """Return an endless iterator over ``words``, with a start of its own for each city."""
        start = self.number * 5 % len(words)
        return cycle((*words[start:], *words[:start]))


def towns_open(world):
    """Open the accounts needed by events and services of the other cities; return the cities."""
    towns = [Town(number, plan, world) for number, plan in enumerate(world.people.cities)]
    world.open_accounts(person for town in towns for person in town.persons)
    for town in towns:
        town.members = {person.phone: world.members[person.phone] for person in town.persons}
        for pair in town.couples:
            for row in (pair.one, pair.two):
                row.member = world.members[row.member.phone]
    return towns


def towns_care(towns):
    """Create profiles, matchmakers, cases and introductions."""
    for town in towns:
        care_load(town)


def towns_meet(towns, world):
    """Create current events in each city and in two counties, and one of the province for all."""
    neighbours = [*(town.organization for town in towns[1:]), world.places[HARBIN]]
    for town, neighbour in zip(towns, neighbours, strict=True):
        events_load(town, neighbour)
    for code, login in ((LONGSHA, "longsha"), (NINGAN, "ningan")):
        for town in towns:
            if code.startswith(town.code[:4]):
                county_load(town, world.places[code], world.staff[f"{login}-ganbu"], world.staff[f"{login}-zhuxi"])
    members = {phone: member for town in towns for phone, member in town.members.items()}
    province = Stage(
        organization=world.places[PROVINCE],
        proposer=world.staff["sheng-ganbu"],
        approver=world.staff["sheng-zhuxi"],
        members=members,
    )
    joint_event(province, towns)


def towns_after(towns):
    """Create group weddings, publicity, hotline tickets and demands."""
    for town in towns:
        past_load(town)
