"""No page makes more queries for more rows: lists for staff at most 15, member pages at most 10."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import MatchEvent, Pair
from matchmaking.services.choosing import choices_set
from matchmaking.services.matchmakers import matchmakers_assign, matchmakers_set
from matchmaking.services.participations import event_join
from portal.core.choices import Sex
from portal.core.roles import Role
from portal.exchange.choices import FileKind
from portal.exchange.models import ImportRun
from portal.exchange.services.files import file_store
from portal.members.services.data_requests import data_request_open
from portal.messaging.services.messages import message_post
from portal.organizations.models import HeadCount
from portal.organizations.services.employers import employer_create
from portal.organizations.services.facts import committee_record
from portal.organizations.services.moving import organization_move
from portal.organizations.services.organizations import organization_update
from tests.factories.matchmaking import LINE, make_event, make_participation, make_single, open_choice, put_event
from tests.factories.members import make_duty, make_member, make_staff, make_transfer, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
DESK, HOME, MEMBER = 15, 25, 10
SIZES = (1, 3)
# Lists are also tested with thirty rows: a page shows twenty-five of them, and a page of the inbox twenty.
LISTS = ("events", "participants", "people", "organizations", "runs", "meet_cards", "desk_inbox", "member_inbox")


class Place:
    """A city with its cadre, a single, and the rows made for a page."""

    def __init__(self):
        self.city = make_organization()
        self.unit = make_unit(self.city)
        self.cadre = make_staff(self.city, role=Role.CADRE, phone=phone_number(1))
        self.single = make_single(self.unit, phone=phone_number(2))
        self.event = self.mine = None

    def an_event(self, **fields):
        self.event = make_event(self.city, created_by=self.cadre, men_quota=99, women_quota=99, **fields)
        return self.event

    def take_part(self):
        self.mine = make_participation(self.event, self.single)

    def file(self, actor, number=0):
        return file_store(
            actor=actor, name=f"{number}.jpg", chunks=[b"x"], kind=FileKind.PICTURE, content_type="image/jpeg"
        )

    def men(self, number, **fields):
        """Return that many men, each of a unit of his own and with a photograph."""
        rows = []
        for count in range(number):
            man = make_single(make_unit(self.city), Sex.MALE)
            rows.append(make_participation(self.event, man, photo=self.file(man, count), **fields))
        return rows


@pytest.fixture
def place():
    return Place()


def events(place, number):
    for count in range(number):
        place.an_event()
        place.men(min(count, 2))
    return place.cadre, reverse("matchmaking:event-list")


def participants(place, number):
    place.an_event()
    matchmakers_set(event=place.event, members=[place.cadre], actor=place.cadre)
    place.men(number)
    matchmakers_assign(event=place.event, actor=place.cadre)
    return place.cadre, reverse("matchmaking:event-participants", args=[place.event.pk])


def paired(place, number):
    place.an_event()
    place.take_part()
    for row in place.men(number):
        low, high = sorted((place.mine, row), key=lambda one: one.pk)
        Pair.objects.create(event=place.event, one=low, two=high, held_on=timezone.localdate())
    place.event = put_event(place.event, EventState.REVEALED)


def pairs(place, number):
    paired(place, number)
    return place.cadre, reverse("matchmaking:event-pairs", args=[place.event.pk])


def event_page(place, number):
    paired(place, number)
    return place.cadre, place.event.get_absolute_url()


def matchmakers(place, number):
    place.an_event()
    helpers = [make_staff(make_organization(parent=place.city, kind="county"), role=Role.CADRE) for _ in range(number)]
    place.men(number)
    matchmakers_set(event=place.event, members=helpers, actor=place.cadre)
    return place.cadre, reverse("matchmaking:event-matchmakers", args=[place.event.pk])


def people(place, number):
    for _count in range(number):
        make_member(make_unit(place.city))
    return place.cadre, reverse("members:member-list")


def person(place, number):
    member = make_member(place.unit)
    for _count in range(number):
        make_duty(member, make_organization(parent=place.city, kind="county"))
    return place.cadre, member.get_absolute_url()


def organizations(place, number):
    for _count in range(number):
        make_unit(place.city)
    return place.cadre, reverse("organizations:organization-list")


def organization(place, number):
    """Create an organisation with everything its page shows.

    This is a subtree, an employer, terms, head counts, a move and its history.
    """
    actor = make_staff(make_province())
    unit = make_organization(make_organization(), kind="county")
    employer = employer_create(actor=actor, organization=unit, name="示例公司")
    organization_update(actor=actor, organization=unit, version=unit.version, employer=employer)
    organization_move(actor=actor, organization=unit, new_parent=make_organization())
    for count in range(number):
        make_unit(unit)
        day = timezone.localdate() - timedelta(days=400 - count)
        committee_record(
            actor=actor,
            organization=unit,
            kind="committee",
            founded_on=None,
            term_from=day,
            term_years=5,
            chair_post="",
        )
        HeadCount.objects.create(organization=unit, on=day, workers=9, women_workers=5, members=9, women_members=5)
    return actor, unit.get_absolute_url()


def employers(place, number):
    for _count in range(number):
        employer_create(actor=place.cadre, organization=place.city, name="示例公司")
    return place.cadre, reverse("organizations:employer-list")


def duties(place, number):
    for _count in range(number):
        make_duty(make_member(organization=place.city), place.city, Role.EDITOR)
    return place.cadre, reverse("members:duty-list")


def transfers(place, number):
    for _count in range(number):
        make_transfer(make_member(organization=place.city), make_organization())
    return place.cadre, reverse("members:transfer-list")


def transfer(place, number):
    made = make_transfer(make_member(organization=place.city), make_organization())
    return place.cadre, made.get_absolute_url()


def own_transfer(place, number):
    made = make_transfer(make_member(organization=place.city), make_organization())
    return made.member, made.get_absolute_url()


def data_requests(place, number):
    for _count in range(number):
        data_request_open(member=make_member(organization=place.city), kind="correct", words="a")
    return place.cadre, reverse("members:request-list")


def make_runs(place, number):
    return [
        ImportRun.objects.create(
            register="members.roster",
            organization=make_unit(place.city),
            uploaded_by=make_staff(place.city),
            file=place.file(place.cadre, count),
            language="zh-hans",
            state="checked_clean",
        )
        for count in range(number)
    ]


def runs(place, number):
    make_runs(place, number)
    return place.cadre, reverse("exchange:run-list")


def run_page(place, number):
    (run, *_rest) = make_runs(place, number)
    return place.cadre, run.get_absolute_url()


def upload_page(place, number):
    make_runs(place, number)
    return place.cadre, reverse("exchange:import-start", args=["members.roster"])


def desk_home(place, number):
    make_runs(place, number)
    for _count in range(number):
        place.an_event(state=EventState.APPROVED)
        place.an_event()
    return place.cadre, "/"


def chair_home(place, number):
    for _count in range(number):
        place.an_event(state=EventState.SUBMITTED)
    return make_staff(place.city), "/"


def inbox_of(member, number, event):
    for _count in range(number):
        message_post(
            kind="matchmaking.joined",
            to=member,
            about=event,
            context={"title": event.title, "state": "confirmed", "number": "W001"},
            url=event.get_member_url(),
        )


def desk_inbox(place, number):
    inbox_of(place.cadre, number, place.an_event())
    return place.cadre, reverse("messaging:inbox")


def member_inbox(place, number):
    inbox_of(place.single, number, place.an_event())
    return place.single, reverse("messaging:inbox")


def member_home(place, number):
    for _count in range(number):
        place.an_event()
        place.take_part()
        place.an_event()
    return place.single, "/"


def meet_list(place, number):
    member_home(place, number)
    return place.single, reverse("matchmaking:meet-list")


def meet_before(place, number):
    place.an_event()
    place.men(number)
    return place.single, place.event.get_member_url()


def meet_waiting(place, number):
    place.an_event()
    for _count in range(number):
        make_participation(place.event, make_single(place.unit), state="waitlisted")
    place.mine = make_participation(place.event, place.single, state="waitlisted")
    return place.single, place.event.get_member_url()


def meet_choosing(place, number):
    place.an_event()
    place.take_part()
    rows = place.men(number)
    place.event = open_choice(place.event)
    mine = type(place.mine).objects.get(pk=place.mine.pk)
    choices_set(participation=mine, chosen=[row.pk for row in rows[:1]], actor=place.single)
    return place.single, place.event.get_member_url()


def meet_cards(place, number):
    meet_choosing(place, number)
    return place.single, reverse("matchmaking:meet-choose", args=[place.event.slug])


def meet_revealed(place, number):
    paired(place, number)
    return place.single, place.event.get_member_url()


def meet_join(place, number):
    place.an_event()
    place.men(number)
    return place.single, reverse("matchmaking:meet-join", args=[place.event.slug])


def meet_receipt(place, number):
    place.an_event()
    place.men(number)
    event_join(event=place.event, member=place.single, actor=place.single, line=LINE)
    return place.single, reverse("matchmaking:meet-joined", args=[place.event.slug])


def pair_page(place, number):
    paired(place, number)
    return place.single, reverse("matchmaking:pair-detail", args=[place.event.pairs.first().pk])


def account(place, number):
    for _count in range(number):
        place.an_event()
        event_join(event=place.event, member=place.single, actor=place.single, line=LINE)
    return place.single, reverse("members:me")


def caseload(place, number):
    for _count in range(number):
        place.an_event()
        matchmakers_set(event=place.event, members=[place.cadre], actor=place.cadre)
        place.men(2)
        matchmakers_assign(event=place.event, actor=place.cadre)
    return place.cadre, reverse("matchmaking:caseload-list")


def landing(place, number):
    for _count in range(number):
        place.an_event()
    return None, "/"


def public_event(place, number):
    place.an_event()
    place.men(number)
    return None, place.event.get_member_url()


DESK_PAGES = [
    events,
    event_page,
    participants,
    pairs,
    matchmakers,
    people,
    person,
    organizations,
    organization,
    employers,
    duties,
    transfers,
    transfer,
    data_requests,
    runs,
    run_page,
    upload_page,
    desk_inbox,
    caseload,
]
# The first page of the desk collects the open items of every shared package and area; it is not a list.
HOMES = [desk_home, chair_home]
MEMBER_PAGES = [
    member_home,
    meet_list,
    meet_before,
    meet_waiting,
    meet_join,
    meet_receipt,
    meet_choosing,
    meet_cards,
    meet_revealed,
    pair_page,
    member_inbox,
    account,
    own_transfer,
    landing,
    public_event,
]


@pytest.mark.parametrize(
    ("build", "limit"),
    [
        *((page, DESK) for page in DESK_PAGES),
        *((page, HOME) for page in HOMES),
        *((page, MEMBER) for page in MEMBER_PAGES),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_page_asks_the_same_at_every_size(client, settings, tmp_path, record_property, build, limit):
    settings.KEY_DIR = tmp_path
    counts = []
    for number in (*SIZES, *([30] if build.__name__ in LISTS else [])):
        actor, path = build(Place(), number)
        client.logout()
        if actor is not None:
            sign_in(client, actor)
            session = client.session
            session["code_at"] = session["seen_at"]
            session.save()
        counts.append(queries_of(client, path))
        MatchEvent.objects.filter(state=EventState.PUBLISHED).update(state=EventState.CLOSED)
    record_property("queries", counts)
    assert len(set(counts)) == 1
    assert counts[0] <= limit


@pytest.mark.parametrize("build", [events, people, organizations, runs, participants])
def test_the_fragment_of_a_list_is_a_fragment(client, place, build):
    actor, path = build(place, 2)
    sign_in(client, actor)
    page, part = client.get(path), client.get(path, headers={"HX-Request": "true"})
    for response in (page, part):
        assert "HX-Request" in response["Vary"]
        assert "no-store" in response["Cache-Control"]
    assert '<section id="list"' in page.content.decode()
    assert "<html" in page.content.decode()
    assert part.content.decode().lstrip().startswith('<section id="list"')
    assert "<html" not in part.content.decode()
    boosted = client.get(path, headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "<html" in boosted.content.decode()
