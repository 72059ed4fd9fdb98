"""The whole journey with all 588 people.

Roster from Excel, event, sign-up, matchmakers, choices, reveal, figures.
"""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import Choice, Pair, Participation
from matchmaking.selectors.choosing import own_choices
from matchmaking.selectors.events import event_figures
from matchmaking.services.choosing import choices_set
from matchmaking.services.events import event_approve, event_create, event_publish, event_submit, events_keep_time
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.services.participations import event_join
from portal.core.choices import Sex
from portal.core.fields import reserve_pks
from portal.core.roles import Role
from portal.exchange.choices import RunState
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_write
from portal.members.models import Member
from portal.messaging.models import Message
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.organizations.services.organizations import organization_build, organizations_bulk_create
from portal.signups.choices import SignUpState
from tests.exchange import files
from tests.factories.matchmaking import LINE, declare, event_times, make_law, put_event
from tests.factories.members import identity_number, make_member, make_staff, phone_number
from tests.factories.organizations import make_organization

PEOPLE, UNITS, MATCHMAKERS, PAIRS = 588, 78, 33, 86
HEADINGS = ["Unit", "Name", "Sex", "Identity number", "Mobile number", "Marital status"]


def roster_rows():
    """Return the rows of 588 people of 78 units: 294 men and 294 women."""
    for number in range(PEOPLE):
        sex = Sex.MALE if number < PEOPLE // 2 else Sex.FEMALE
        serial = number % (PEOPLE // 2)
        yield [
            f"示例单位{number % UNITS:02d}号工会",
            f"示例单{number:03d}",
            str(sex.label),
            identity_number(serial, sex=sex),
            phone_number(number),
            "",
        ]


def make_city():
    city = make_organization(name="示例市总工会")
    organizations_bulk_create(
        rows=[
            organization_build(pk=pk, parent=city, kind=OrganizationKind.GRASSROOTS, name=f"示例单位{number:02d}号工会")
            for number, pk in enumerate(reserve_pks(Organization, UNITS))
        ]
    )
    return city


def bring_in_the_roster(city, cadre):
    run = import_start(
        actor=cadre,
        organization=city,
        register=registers()["members.roster"],
        upload=files.upload(files.xlsx([HEADINGS, *roster_rows()])),
    )
    import_check(run.job)
    run.refresh_from_db()
    run = import_confirm(run=run, actor=cadre)
    import_write(run.job)
    run.refresh_from_db()
    assert (run.state, run.added) == (RunState.IMPORTED, PEOPLE)


def hold_the_event(city, cadre, chair):
    event = event_create(
        actor=cadre,
        organization=city,
        title="会聚良缘",
        summary="线上相识",
        men_quota=PEOPLE // 2,
        women_quota=PEOPLE // 2,
        **event_times(),
    )
    event = event_submit(event=event, actor=cadre)
    event = event_approve(event=event, actor=chair)
    return event_publish(event=event, actor=cadre)


def choices_of(men, women):
    """Return the choices of each person, with 86 mutual ones.

    Two women share the first man; the other pairs share nobody.
    """
    chosen = {}
    for number, man in enumerate(men):
        partners = [women[number]] if number < PAIRS - 2 else []
        if number == 0:
            partners += women[PAIRS - 2 : PAIRS]
        others = [women[(number + step) % PAIRS] for step in (7, 11, 13)] if number >= PAIRS else []
        chosen[man] = partners + others
    for number, woman in enumerate(women):
        if number < PAIRS:
            chosen[woman] = [men[number if number < PAIRS - 2 else 0]]
        else:
            chosen[woman] = [men[number % PAIRS], men[number % PAIRS + 1]] if number % 5 else []
    return chosen


def test_the_journey_of_588(fresh_database, settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    settings.PRIVATE_STORAGE_DIR = tmp_path / "files"
    make_law()
    city = make_city()
    cadre, chair = make_staff(city, Role.CADRE), make_staff(city, Role.CHAIR)
    bring_in_the_roster(city, cadre)
    event = hold_the_event(city, cadre, chair)

    singles = Member.objects.filter(organization__parent=city).select_related("organization").order_by("pk")
    for member in singles:
        declare(member)
        event_join(event=event, member=member, actor=member, line=LINE)
    late = make_member(city, sex=Sex.FEMALE, birth_date=timezone.localdate() - timedelta(days=30 * 365))
    declare(late)
    assert event_join(event=event, member=late, actor=late, line=LINE)[0].state == SignUpState.WAITLISTED
    helpers = [make_member(city) for _number in range(MATCHMAKERS)]
    matchmakers_set(event=event, members=helpers, actor=cadre)

    put_event(
        event, signup_closes_at=timezone.now() - timedelta(hours=2), choice_opens_at=timezone.now() - timedelta(hours=1)
    )
    assert events_keep_time() == 2
    event = put_event(event)
    people = event.signups.filter(state=SignUpState.CONFIRMED).order_by("place")
    rows = {row.pk: row for row in people.select_related("member", "offering")}
    men, women = ([pk for pk, row in rows.items() if row.pool == pool] for pool in ("men", "women"))
    wanted = choices_of(men, women)
    for pk, others in wanted.items():
        choices_set(participation=rows[pk], chosen=others, actor=rows[pk].member)
    sample = [men[0], men[85], men[200], women[0], women[85], women[293]]
    assert [own_choices(Participation.objects.get(pk=pk)) for pk in sample] == [wanted[pk] for pk in sample]
    before = event_figures(event)
    assert (before.pairs, before.choosers) == (0, sum(map(bool, wanted.values())))

    put_event(event, choice_closes_at=timezone.now())
    assert events_keep_time() == 1

    event = put_event(event)
    assert event.state == EventState.REVEALED
    mutual = {frozenset((one, two)) for one in men for two in wanted[one] if one in wanted[two]}
    assert len(mutual) == PAIRS
    assert {frozenset(pair) for pair in Pair.objects.values_list("one_id", "two_id")} == mutual
    figures = event_figures(event)
    assert (figures.people, figures.men, figures.women, figures.units) == (PEOPLE, 294, 294, UNITS)
    assert (figures.matchmakers, figures.pairs, round(figures.rate, 2)) == (MATCHMAKERS, PAIRS, 29.25)
    assert figures.people_in_pairs == len({pk for pair in mutual for pk in pair}) == 170
    assert figures.waiting_women == 1
    told = Counter(Message.objects.filter(kind__contains="reveal").values_list("recipient", flat=True))
    assert told == {row.member_id: 1 for row in rows.values()}
    loads = Counter(event.signups.exclude(matchmaker=None).values_list("matchmaker", flat=True))
    assert (len(loads), set(loads.values())) == (MATCHMAKERS, {17, 18})
    assert not Choice.objects.exists()
    assert list(settings.KEY_DIR.iterdir()) == []
