"""The pages of figures: who may open them, what they show, and that every number opens its rows."""

from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.events import EventMode, EventState
from matchmaking.choices.pairs import PairState
from matchmaking.choices.partners import PartnerKind
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import EventMatchmaker, EventPartner, HotlineTicket, Pair, Participation, WeddingCouple
from nursing_rooms.choices.rooms import RoomState, RoomType
from nursing_rooms.models import RoomDay
from portal.audit.models import AuditEntry
from portal.core.bounds import CHINA
from portal.core.periods import Period, PeriodKind
from portal.core.roles import Role
from portal.members.models import Duty, Vouching
from portal.organizations.choices import CommitteeKind, OrganizationKind
from portal.organizations.models import Organization
from portal.organizations.services.facts import committee_record, head_count_record
from portal.statistics.models import RangeCount, Target
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures
from portal.statistics.selectors import rows as rows_selectors
from portal.statistics.services.recounting import recount
from portal.statistics.views.explorer import ExplorerView
from rights.choices.cases import LedgerKind
from tests.factories.childcare import put_figures
from tests.factories.matchmaking import make_event, make_participation, make_single, put_event
from tests.factories.matchmaking_pairs import make_pair, make_ticket, make_wedding, put_wedding
from tests.factories.members import make_duty, make_member, make_staff, make_vouching, sign_in
from tests.factories.nursing_rooms import make_room
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.factories.rights import make_law_session, make_ledger_entry
from tests.pages.counting import queries_of
from tests.statistics.held import held_event

pytestmark = pytest.mark.django_db
REDIRECT, OK, FORBIDDEN, MISSING = 302, 200, 403, 404
DESK = 15
LOOKS = (
    ("province", "2026"),
    ("city", "2026-Q1"),
    ("county", "2022..2026"),
    ("unit", "2026-03"),
    ("county", "2026-02..2026-04"),
    ("city", "S2026"),
    ("province", "2026-H1"),
)


class Place:
    """A city with a county and its unit, events, committees, head counts of women, and counted figures."""

    def __init__(self):
        self.province = make_province()
        self.city = make_organization(name="示例甲市总工会", founded_on=date(2020, 1, 1))
        self.county = make_organization(
            parent=self.city, kind=OrganizationKind.COUNTY, name="示例丙县总工会", founded_on=date(2020, 1, 1)
        )
        self.unit = make_unit(self.county, founded_on=date(2020, 1, 1))
        self.other = make_organization(name="示例乙市总工会", founded_on=date(2020, 1, 1))
        self.chair = make_staff(self.province)
        person = make_single(self.unit)
        for place, pairs in ((self.city, 1), (self.county, 2), (self.unit, 0), (self.other, 1)):
            event = held_event(place, date(2026, 3, 5), people=6, pairs=pairs)
            make_participation(event, person)
            EventMatchmaker.objects.create(event=event, member=person, valid_from=date(2026, 3, 1), given_by=self.chair)
        held_event(self.city, date(2025, 4, 5), people=3, pairs=1)
        put_event(held_event(self.other, date(2026, 3, 7)), mode=EventMode.OFFLINE)
        Participation.objects.update(unit=self.unit)
        for place in (self.city, self.county, self.unit, self.other):
            committee_record(
                actor=self.chair,
                organization=place,
                kind=CommitteeKind.COMMISSIONER if place == self.other else CommitteeKind.COMMITTEE,
                founded_on=None,
                term_from=date(2021, 1, 1),
                term_years=3,
                chair=None,
                chair_post="",
            )
            head_count_record(
                actor=self.chair,
                organization=place,
                on=date(2026, 1, 31),
                workers=30,
                women_workers=20,
                members=25,
                women_members=15,
            )
        recount()

    def hold_what_is_rarer(self):
        """Add a joint event of the county whose pair married, and a group wedding with one couple."""
        joint = held_event(self.county, date(2026, 3, 8), people=2, pairs=1)
        joint.signups.update(unit=self.unit)
        for partner in (self.city, self.unit):
            EventPartner.objects.create(
                event=joint, kind=PartnerKind.UNION, name=partner.name, organization=partner, contribution="场地"
            )
        pair = Pair.objects.get(event=joint)
        Pair.objects.filter(pk=pair.pk).update(state=PairState.REGISTERED, registered_on=date(2026, 3, 20))
        wedding = put_wedding(make_wedding(self.county), WeddingState.HELD, on=date(2026, 3, 30))
        couple = WeddingCouple.objects.create(wedding=wedding, asker=pair.one.member, partner=pair.two.member, place=1)
        WeddingCouple.objects.filter(pk=couple.pk).update(state=CoupleState.ACCEPTED)
        for kind in LedgerKind:
            make_ledger_entry(self.county, kind=kind, on=date(2026, 3, 20))
        make_law_session(self.county, starts_at=datetime(2026, 3, 12, 9, tzinfo=CHINA), state="held", visits=40)
        for kind in RoomType:
            room = make_room(
                self.county,
                room_type=kind,
                is_public=True,
                opened_on=date(2026, 3, 2),
                renewed_on=date(2026, 3, 9),
                state=RoomState.OPEN,
            )
            RoomDay.objects.create(room=room, on=date(2026, 3, 10), taps=7)
        put_figures(self.county, date(2026, 3, 18))
        recount()


@pytest.fixture
def place():
    return Place()


def page_of(client, name, **parameters):
    return client.get(reverse(f"statistics:{name}"), parameters)


@pytest.fixture
def people(place):
    return {
        "visitor": None,
        "member": make_member(place.unit),
        "neighbour": make_staff(place.other),
        "unit": make_staff(place.unit),
        "editor": make_staff(place.city, role=Role.EDITOR),
        "officer": make_staff(place.city, role=Role.MATCHMAKING_OFFICER),
        "reviewer": make_staff(place.city, role=Role.REVIEWER),
        "cadre": make_staff(place.city, role=Role.CADRE),
        "chair": make_staff(place.city),
        "province": place.chair,
    }


OUTSIDE = {"member": MISSING, "neighbour": MISSING, "unit": MISSING, "editor": FORBIDDEN}
NO_EDIT = {**OUTSIDE, "officer": FORBIDDEN, "reviewer": FORBIDDEN}
ANSWERS = {
    "dashboard": OUTSIDE,
    "explorer": OUTSIDE,
    "figure-rows": OUTSIDE,
    "figure-export": NO_EDIT,
    "targets": NO_EDIT,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_page_opens_to_whom_her_duty_lets(client, place, people, name):
    found = {}
    for who, person in people.items():
        client.logout()
        if person is not None:
            sign_in(client, person)
        found[who] = page_of(client, name, node=place.city.pk, code="MM01", period="2026").status_code
    assert found == {**dict.fromkeys(people, OK), "visitor": REDIRECT, **ANSWERS[name]}


def test_people_of_a_range_are_asked_for_inside_reach_alone(client, place, people):
    found = {}
    for who, person in people.items():
        client.logout()
        if person is not None:
            sign_in(client, person)
        path = f"{reverse('statistics:range-count')}?code=MM02p&node={place.city.pk}&period=2026-02..2026-04"
        found[who] = client.post(path).status_code
    assert found == {**dict.fromkeys(people, REDIRECT), **OUTSIDE}
    assert RangeCount.objects.filter(actor__in=[people[who] for who in OUTSIDE]).count() == 0


def opened(url):
    """Return the value that follows from the rows behind an address."""
    asked = dict(parse_qsl(urlsplit(url).query))
    indicator = indicators()[asked["code"]]
    node = Organization.objects.get(pk=asked["node"])
    return rows_selectors.measured(indicator, rows_selectors.rows(indicator, node, Period.parse(asked["period"])))


@pytest.mark.parametrize("code", list(indicators()))
def test_every_number_of_the_explorer_is_that_of_its_rows(client, place, code):
    place.hold_what_is_rarer()
    sign_in(client, place.chair)
    links = {}
    for name, period in LOOKS:
        response = page_of(client, "explorer", code=code, node=getattr(place, name).pk, period=period)
        context, text = response.context_data, response.content.decode()
        rows = context["rows"]
        shown = [context["total"], context["total_before"], *(row["cell"] for row in rows)]
        shown += [*(row["before"] for row in rows), *(row["cell"] for row in context["trend"])]
        for cell in [*shown, *(part for one in shown[:1] for part in one.parts)]:
            if cell.url:
                assert escape(cell.url) in text
                links[cell.url] = cell.value
    assert {url: opened(url) for url in links} == links
    assert links or code == "ORG08"
    for url in list(links)[:2]:
        context = client.get(url).context_data
        indicator = indicators()[dict(parse_qsl(urlsplit(url).query))["code"]]
        assert rows_selectors.measured(indicator, context["object_list"]) == context["total"].value == links[url]
        assert context["hidden"] == 0


def test_children_and_own_make_the_total(client, place):
    sign_in(client, place.chair)
    for code in ("MM01", "MM02", "MM03", "ORG02", "ORG03"):
        context = page_of(client, "explorer", code=code, node=place.city.pk, period="2026").context_data
        own = context["own"].value if context["own"] else 0
        assert own + sum(row["cell"].value or 0 for row in context["rows"]) == context["total"].value, code
    assert (context["own"].value, [row["cell"].value for row in context["rows"]]) == (1, [2])


def test_many_children_are_shown_in_part_then_all(client, place, monkeypatch):
    monkeypatch.setattr(ExplorerView, "FEW", 1)
    sign_in(client, place.chair)
    few = page_of(client, "explorer", code="ORG02", node=place.province.pk, by="value")
    count, (first,) = few.context["row_count"], few.context["rows"]
    assert count > 1
    assert f"显示全部 {count} 个" in few.content.decode()
    every = page_of(client, "explorer", code="ORG02", node=place.province.pk, by="value", all="1")
    rows = every.context["rows"]
    assert (len(rows), rows[0]["organization"]) == (count, first["organization"])
    assert first["cell"].value == max(row["cell"].value or 0 for row in rows)
    assert "显示全部" not in every.content.decode()


def test_people_are_not_said_to_add_up(client, place):
    sign_in(client, place.chair)
    words = page_of(client, "explorer", code="MM02p", node=place.province.pk, period="2026").content.decode()
    assert "逐级重新计算" in words
    assert "逐级重新计算" not in page_of(client, "explorer", code="MM02", node=place.province.pk).content.decode()


def test_a_ratio_shows_its_two_parts(client, place):
    sign_in(client, place.chair)
    context = page_of(client, "explorer", code="MM04", node=place.county.pk, period="2026").context_data
    assert context["total"].text == f"{2 * 2 / 14 * 100:.1f}"
    assert [part.value for part in context["total"].parts] == [2, 14]
    assert [opened(part.url) for part in context["total"].parts] == [2, 14]


@pytest.mark.parametrize("code", ["MM02", "MM02p", "MM03", "MM03p", "MM07"])
def test_above_the_county_single_persons_do_not_open(client, place, code):
    sign_in(client, place.chair)
    for node, opens in ((place.province, False), (place.city, False), (place.county, True)):
        context = page_of(client, "explorer", code=code, node=node.pk, period="2026").context_data
        assert context["total"].value > 0
        assert bool(context["total"].url) == opens, node
        status = page_of(client, "figure-rows", code=code, node=node.pk, period="2026").status_code
        assert status == (OK if opens else FORBIDDEN)


def test_rows_out_of_her_reach_are_a_number(client, place):
    """A reader of the county's figures sees how many rows are out of their reach, and none of these rows."""
    person = make_staff(place.county, role=Role.MATCHMAKING_OFFICER)
    make_duty(person, place.city, role=Role.EDITOR)
    sign_in(client, person)
    response = page_of(
        client, "figure-rows", code="ORG06", node=place.county.pk, period=f"{timezone.localdate():%Y-%m}"
    )
    context = response.context_data
    total = figures.values(["ORG06"], [place.county.pk], context["period"])["ORG06", place.county.pk].value
    seen = Duty.objects.visible_to(person).filter(pk__in=[row.pk for row in context["object_list"]])
    assert len(context["object_list"]) == seen.count()
    assert len(context["object_list"]) + context["hidden"] == total


def test_a_count_of_the_neighbours_stays_outside(client, place):
    sign_in(client, make_staff(place.other))
    for name in ("dashboard", "explorer", "figure-rows"):
        for node in (place.province, place.city, place.unit):
            assert page_of(client, name, node=node.pk, code="MM01").status_code == MISSING
    context = page_of(client, "explorer", code="MM01", node=place.other.pk, period="2026").context_data
    assert [(row["organization"], row["value"]) for row in context["siblings"]] == [(place.city, 3), (place.other, 2)]
    assert [label for label, _url in context["line"]] == [place.other.label]


BAD = [
    ({"period": "abc"}, OK, True),
    ({"period": "2026-13"}, OK, True),
    ({"period": "0001"}, OK, True),
    ({"period": "9" * 5000}, OK, True),
    ({"from": "2026-05", "to": "2026-01"}, OK, True),
    ({"from": "x"}, OK, True),
    ({"from": "2026-05"}, OK, False),
    ({"from": "1949-01", "to": "2199-12"}, OK, False),
    ({"period": "2195..2199"}, OK, False),
    ({"code": "zz"}, OK, True),
    ({"node": "x"}, MISSING, None),
    ({"node": "9" * 30}, MISSING, None),
    ({"by": "x"}, OK, False),
]


@pytest.mark.parametrize(("asked", "status", "is_said"), BAD)
def test_what_cannot_be_read_gets_a_sentence(client, place, asked, status, is_said):
    sign_in(client, place.chair)
    for code in ("MM01", "MM02p"):
        response = client.get(reverse("statistics:explorer"), {"code": code, **asked})
        assert response.status_code == status
        assert is_said is None or ("网址未能完全识别" in response.content.decode()) == is_said
    if "code" not in asked and "by" not in asked:
        response = client.get(reverse("statistics:dashboard"), asked)
        assert response.status_code == status
        assert is_said is None or ("网址未能完全识别" in response.content.decode()) == is_said
    assert client.get(reverse("statistics:figure-rows"), {"code": "MM01", **asked}).status_code in (OK, MISSING)


def test_htmx_gets_the_part_alone(client, place):
    sign_in(client, place.chair)
    path = f"{reverse('statistics:explorer')}?code=MM01"
    page, part = client.get(path), client.get(path, headers={"HX-Request": "true"})
    assert "<html" in page.content.decode()
    assert part.content.decode().lstrip().startswith('<div id="explorer">')


def test_targets_are_set_dropped_and_noted(client, place):
    sign_in(client, place.chair)
    path = f"{reverse('statistics:targets')}?node={place.city.pk}&year=2026"
    assert client.post(path, {"MM01": "4", "MM03": "10"}).status_code == REDIRECT
    assert dict(Target.objects.values_list("indicator", "value")) == {"MM01": 4, "MM03": 10}
    line = {
        one.words.code: (one.target, one.reached)
        for one in page_of(client, "dashboard", node=place.city.pk, period="2026").context_data["headlines"]
    }
    assert (line["MM01"], line["MM03"]) == ((4, 75), (10, 30))
    assert client.post(path, {"MM01": "4"}).status_code == REDIRECT
    assert dict(Target.objects.values_list("indicator", "value")) == {"MM01": 4}
    noted = AuditEntry.objects.filter(action__startswith="target.").order_by("pk")
    assert [(row.action, row.data["indicator"]) for row in noted] == [
        ("target.set", "MM01"),
        ("target.set", "MM03"),
        ("target.drop", "MM03"),
    ]
    assert client.post(path, {"MM01": "-1"}).status_code == 422
    assert dict(Target.objects.values_list("indicator", "value")) == {"MM01": 4}


def test_who_may_not_edit_sets_no_target(client, place):
    sign_in(client, make_staff(place.city, role=Role.REVIEWER))
    path = f"{reverse('statistics:targets')}?node={place.city.pk}&year=2026"
    assert client.post(path, {"MM01": "4"}).status_code == FORBIDDEN
    sign_in(client, make_staff(place.other))
    assert client.post(path, {"MM01": "4"}).status_code == MISSING
    assert not Target.objects.exists()


def test_the_overview_says_what_changed_and_leads_to_the_rows_of_both_times(client, place):
    sign_in(client, place.chair)
    changes = page_of(client, "dashboard", node=place.province.pk, period="2026").context_data["changes"]
    found = {(item["words"].code, item["change"].organization): item for item in changes}
    item = found["MM01", place.city]
    assert (item["change"].value, item["change"].before, item["number"]) == (3, 1, 2)
    assert (opened(item["rows_url"]), opened(item["before_url"])) == (3, 1)
    assert found["MM03", place.city]["rows_url"] == ""


def test_the_overview_counts_what_is_overdue_below(client, place):
    event = make_event(place.county, state=EventState.SUBMITTED)
    put_event(event, submitted_at=timezone.now() - timedelta(days=6))
    make_event(place.unit, state=EventState.SUBMITTED)
    late = make_vouching(place.unit)
    Vouching.objects.filter(pk=late.pk).update(asked_at=timezone.now() - timedelta(days=40))
    make_vouching(place.unit, serial=8)
    yesterday = timezone.localdate() - timedelta(days=1)
    make_pair(held_event(place.county, date(2026, 3, 7))).follow_ups.update(due_on=yesterday)
    HotlineTicket.objects.filter(pk=make_ticket(place.county).pk).update(due_on=yesterday)
    make_ticket(place.county)
    sign_in(client, place.chair)
    overdue = page_of(client, "dashboard", node=place.city.pk).context_data["overdue"]
    assert sorted(item["count"] for item in overdue) == [1, 1, 1, 3, 3]
    for item in overdue:
        if "over" in item["url"]:
            assert len(client.get(item["url"]).context["table"].rows) == item["count"]
    terms = next(item for item in overdue if item["count"] == 3 and "code=" in item["url"])
    assert opened(terms["url"]) == 3
    assert page_of(client, "dashboard", node=place.other.pk).context_data["overdue"] == []


def test_the_first_page_shows_the_year_of_her_organisation(client, place):
    sign_in(client, make_staff(place.city))
    blocks = client.get("/").context["blocks"]
    (block,) = [one["context"] for one in blocks if one["template"] == "statistics/_figure_home.html"]
    found = {one.words.code: one.figure.value for one in block["headlines"]}
    assert set(found) == {
        *("ORG02b", "ORG03", "MM01", "MM02", "MM03", "MM04"),
        *("RT07", "RT08", "NR01", "NR02", "NR06", "CC01", "CC02", "CC05"),
    }
    this_year = Period.of(PeriodKind.YEAR, timezone.localdate())
    assert found == {
        code: figures.values([code], [place.city.pk], this_year)[code, place.city.pk].value for code in found
    }
    assert (found["ORG03"], found["ORG02b"]) == (3, 45)
    sign_in(client, make_staff(place.city, role=Role.EDITOR))
    assert "statistics/_figure_home.html" not in [one["template"] for one in client.get("/").context["blocks"]]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("dashboard", {}),
        ("explorer", {"code": "MM01"}),
        ("explorer", {"code": "MM02p"}),
        ("explorer", {"code": "MM04"}),
        ("explorer", {"code": "MM02p", "period": "2026-02..2026-04"}),
        ("explorer", {"code": "ORG02b", "by": "value"}),
        ("figure-rows", {"code": "ORG03"}),
        ("figure-rows", {"code": "MM01"}),
        ("figure-export", {"code": "MM01"}),
        ("targets", {}),
        ("published", {"year": "2026"}),
    ],
)
def test_pages_ask_the_same_whatever_stands_below(client, place, record_property, name, asked):
    sign_in(client, place.chair)
    parameters = urlencode({"node": place.city.pk, **asked})
    path = f"{reverse(f'statistics:{name}')}?{parameters}"
    counts = [queries_of(client, path)]
    for _ in range(3):
        unit = make_organization(parent=place.city, kind=OrganizationKind.COUNTY, founded_on=date(2020, 1, 1))
        held_event(unit, date(2026, 3, 6), people=2, pairs=1)
    recount()
    counts.append(queries_of(client, path))
    record_property("queries", counts)
    assert len(set(counts)) == 1
    assert counts[0] <= DESK
