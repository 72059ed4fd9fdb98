"""Demo rows of matchmaking: a large event that was held, what came after it, and the work of every city."""

from django.core.management import call_command

from deploy.demo_data.cast import HARBIN
from matchmaking.demo import cities, events, matchmakers, past_event, past_year, singles, under_way
from matchmaking.demo.stage import Stage
from matchmaking.selectors.events import event_figures

# 588 singles of 78 units, 33 matchmakers, 86 pairs: 29.3 %, with 14 people in two pairs.
EXPECTED = {"people": 588, "units": 78, "matchmakers": 33, "pairs": 86, "people_in_pairs": 158}


def load(world):
    """Load all demo rows of matchmaking into ``world``; return a sentence with the held event's figures."""
    call_command("load_matchmaking", stdout=world.out)
    people, staff, step = world.people, world.staff, world.step
    city = Stage(
        organization=world.places[HARBIN],
        proposer=staff["shi-ganbu"],
        approver=staff["shi-shenhe"],
        members=world.members,
    )
    county = Stage(
        organization=staff["xian-ganbu"].organization,
        proposer=staff["xian-ganbu"],
        approver=staff["xian-zhuxi"],
        members=world.members,
    )
    volunteers = [world.members[person.phone] for person in people.volunteers]
    step("small event", events.county_event, county, people)
    held = step("held event", events.held_event, city, people, volunteers)
    step("open event", events.open_event, city, people)
    step("choice round", events.choice_event, city, people, volunteers)
    step("planned events", events.planned_events, city, people)
    step("after the event", past_event.past_event_load, city, held)
    step("profiles", singles.singles_load, people, world.members)
    library = step("the past year", past_year.past_year_load, world)
    step("under way", under_way.under_way_load, world, city, library)
    of_harbin = [world.members[single.person.phone] for single in people.singles]
    step("matchmakers", matchmakers.matchmakers_demo, city, of_harbin, volunteers)
    towns = step("other cities: accounts", cities.towns_open, world)
    step("other cities: matchmakers", cities.towns_care, towns)
    step("other cities: events", cities.towns_meet, towns, world)
    step("other cities: weddings, calls, demands", cities.towns_after, towns)
    return _figures(held)


def _figures(event):
    found = event_figures(event)
    counted = {name: getattr(found, name) for name in EXPECTED}
    if counted != EXPECTED:
        raise ValueError(f"the held event came out otherwise than planned: {counted}")
    return (
        f"{found.people} singles, {found.units} units, {found.matchmakers} matchmakers, {found.pairs} pairs, "
        f"{found.rate:.1f} %, {found.people_in_pairs} people in pairs"
    )
