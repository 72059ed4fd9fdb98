"""Events on demand: requested, merged, attached, declined.

The person who asked is told, and their own unit never learns who it was.
"""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from matchmaking.choices.demands import DemandState
from matchmaking.choices.events import EventState
from matchmaking.models import EventDemand, MatchEvent
from matchmaking.selectors.demands import demand_themes, demands_met
from matchmaking.services.changing import demands_merge
from matchmaking.services.demands import (
    demand_create,
    demand_decline,
    demand_reopen,
    demand_withdraw,
    demands_attach,
    erase_demands,
)
from matchmaking.services.events import event_cancel, event_publish
from matchmaking.services.invitations import erase_invitations
from portal.core.errors import DomainError
from portal.messaging.models import Message
from tests.factories.matchmaking import make_event, make_single, put_event
from tests.factories.matchmaking_library import make_demand, make_invitation, make_theme
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization()


def some(*rows):
    return EventDemand.objects.filter(pk__in=[row.pk for row in rows])


def test_a_single_asks_for_herself_and_five_are_enough(city):
    member = make_single(make_unit(city))
    for _number in range(5):
        row = demand_create(actor=member, organization=member.organization, for_unit=False, wish="徒步", people=40)
        assert (row.people, row.on_behalf_of_unit, row.state) == (1, False, DemandState.OPEN)
    with pytest.raises(DomainError) as refusal:
        demand_create(actor=member, organization=member.organization, for_unit=False, wish="徒步")
    assert (refusal.value.code, EventDemand.objects.count()) == ("too-many", 5)


def test_dates_and_numbers_that_cannot_be_are_refused(city):
    for wrong in ({"people": 0}, {"people": 5001}, {"wanted_from": "2026-12-02", "wanted_until": "2026-12-01"}):
        with pytest.raises(ValidationError):
            demand_create(
                actor=make_staff(city), organization=city, for_unit=True, **{"wish": "x", "people": 2, **wrong}
            )
    assert not EventDemand.objects.exists()


def test_who_sees_a_demand(city):
    unit, elsewhere = make_unit(city), make_organization()
    hers = make_demand(unit, on_behalf_of_unit=False, people=1)
    of_unit = make_demand(unit)
    seen = {
        make_staff(city): {hers, of_unit},
        make_staff(unit): {of_unit},
        make_staff(elsewhere): set(),
        make_member(organization=unit): set(),
    }
    for actor, expected in seen.items():
        assert set(EventDemand.objects.visible_to(actor)) == expected


def test_a_duty_at_unit_and_city_sees_the_singles_of_the_unit(city):
    unit = make_unit(city)
    hers = make_demand(unit, on_behalf_of_unit=False, people=1)
    both = make_staff(unit)
    assert not EventDemand.objects.visible_to(both).exists()
    above = make_staff(city)
    assert EventDemand.objects.visible_to(above).get() == hers


def test_the_desk_never_says_who_asked(client, city):
    asker = make_single(make_unit(city), name="示例某某人")
    demand = make_demand(asker.organization, asked_by=asker, on_behalf_of_unit=False, people=1)
    sign_in(client, make_staff(city))
    for address in (
        reverse("matchmaking:demand-list"),
        demand.get_absolute_url(),
        f"{reverse('matchmaking:demand-merge')}?pk={demand.pk}",
    ):
        page = client.get(address)
        assert (page.status_code, asker.name in page.content.decode()) == (200, False)


def test_several_demands_become_one_draft(city):
    theme, cadre = make_theme(), make_staff(city)
    rows = [make_demand(make_unit(city), theme=theme, people=people) for people in (12, 7)]
    event = demands_merge(actor=cadre, demands=some(*rows), organization=city, title="读书会")
    assert (event.state, event.theme, event.summary, event.mode) == ("draft", theme, theme.summary, theme.mode)
    assert (event.men_quota, event.women_quota) == (10, 10)
    assert set(event.demands.values_list("pk", "state")) == {(row.pk, DemandState.PLANNED) for row in rows}
    assert not Message.objects.exists()


def test_nothing_ticked_is_no_event(city):
    with pytest.raises(DomainError):
        demands_merge(actor=make_staff(city), demands=some(), organization=city, title="x")
    assert not MatchEvent.objects.exists()


def test_whoever_asked_is_told_at_the_publication_once(city):
    askers = [make_single(make_unit(city)) for _number in range(2)]
    rows = [make_demand(one.organization, asked_by=one, on_behalf_of_unit=False, people=1) for one in askers]
    rows.append(make_demand(askers[0].organization, asked_by=askers[0], on_behalf_of_unit=False, people=1))
    event = make_event(city, state=EventState.APPROVED)
    demands_attach(actor=event.created_by, demands=some(*rows), event=event)
    assert not Message.objects.exists()
    event_publish(event=event, actor=event.created_by)
    told = Message.objects.filter(kind="matchmaking.demand_published")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(one.pk for one in askers)


def test_attached_to_a_published_event_they_are_told_at_once(city):
    row = make_demand(make_unit(city))
    event = make_event(city)
    demands_attach(actor=event.created_by, demands=some(row), event=event)
    assert Message.objects.get().recipient == row.asked_by


def test_of_a_restricted_event_only_the_invited_hear(city):
    rows = [make_demand(make_unit(city)) for _number in range(2)]
    event = make_event(city, restricted=True)
    make_invitation(event, rows[0].asked_by)
    demands_attach(actor=event.created_by, demands=some(*rows), event=event)
    assert [message.recipient for message in Message.objects.all()] == [rows[0].asked_by]


@pytest.mark.parametrize("state", EventState)
def test_which_events_take_demands(city, state):
    row, event = make_demand(make_unit(city)), make_event(city, state=state)
    takes = state in ("draft", "returned", "submitted", "approved", "published")
    if takes:
        demands_attach(actor=event.created_by, demands=some(row), event=event)
    else:
        with pytest.raises(DomainError):
            demands_attach(actor=event.created_by, demands=some(row), event=event)
    row.refresh_from_db()
    assert row.state == (DemandState.PLANNED if takes else DemandState.OPEN)


@pytest.mark.parametrize("state", DemandState)
def test_declining_and_taking_back_from_every_state(city, state):
    event = make_event(city)
    fields = {"state": state, "event": event if state == DemandState.PLANNED else None}
    for step in (
        lambda row: demand_decline(actor=event.created_by, demand=row, answer="明年再办"),
        lambda row: demand_withdraw(actor=row.asked_by, demand=row),
    ):
        row = make_demand(make_unit(city), **fields)
        if state == DemandState.OPEN:
            assert step(row).state in (DemandState.DECLINED, DemandState.WITHDRAWN)
        else:
            with pytest.raises(DomainError):
                step(row)
            row.refresh_from_db()
            assert row.state == state


def test_a_declined_demand_is_answered_and_may_be_taken_up_again(city):
    row = make_demand(make_unit(city))
    row = demand_decline(actor=make_staff(city), demand=row, answer="明年再办")
    assert Message.objects.get().context == {"answer": "明年再办"}
    row = demand_reopen(actor=make_staff(city), demand=row)
    assert (row.state, row.answer) == (DemandState.OPEN, "")


def test_a_cancelled_event_sets_its_demands_free(city):
    row, event = make_demand(make_unit(city)), make_event(city)
    demands_attach(actor=event.created_by, demands=some(row), event=event)
    event_cancel(event=event, actor=event.created_by, reason="天气")
    row.refresh_from_db()
    assert (row.state, row.event) == (DemandState.OPEN, None)


def test_demands_met_and_by_theme(city):
    theme, unit = make_theme(name="观影"), make_unit(city)
    event = make_event(city)
    make_demand(unit, theme=theme, people=5)
    make_demand(unit, theme=theme, people=6)
    make_demand(unit, people=3)
    make_demand(unit, state=DemandState.PLANNED, event=event)
    make_demand(unit, state=DemandState.PLANNED, event=put_event(make_event(city), EventState.DRAFT))
    make_demand(unit, state=DemandState.DECLINED)
    make_demand(unit, state=DemandState.WITHDRAWN)
    rows = EventDemand.objects.visible_to(make_staff(city))
    assert demands_met(rows) == (1, 6)
    found = [(str(one.theme), one.demands, one.people) for one in demand_themes(rows)]
    assert found == [("观影", 2, 11), ("未指定主题", 1, 3)]


def test_a_member_asks_on_her_page_and_takes_it_back(client, city):
    member = make_single(make_unit(city))
    sign_in(client, member)
    address = reverse("matchmaking:demand-mine")
    assert client.post(address, {"wish": "剧本游戏"}).status_code == 302
    row = EventDemand.objects.get()
    assert (row.asked_by, row.organization, row.on_behalf_of_unit) == (member, member.organization, False)
    assert "剧本游戏" in client.get(address).content.decode()
    taken = reverse("matchmaking:demand-withdraw", args=[row.pk])
    assert client.post(taken).status_code == 302
    row.refresh_from_db()
    assert row.state == DemandState.WITHDRAWN
    assert sign_in(client, make_single(member.organization)).post(taken).status_code == 404


def test_ticked_demands_go_to_the_page_that_makes_an_event(client, city):
    rows = [make_demand(make_unit(city)) for _number in range(2)]
    elsewhere = make_demand(make_unit(make_organization()))
    cadre = make_staff(city)
    sign_in(client, cadre)
    sent = client.post(
        reverse("matchmaking:demand-list"), {"action": "merge", "pk": [row.pk for row in [*rows, elsewhere]]}
    )
    assert sent.status_code == 302
    made = client.post(sent.url, {"title": "秋日登山", "organization": city.pk})
    event = MatchEvent.objects.get()
    assert (made.status_code, made.url) == (302, event.get_absolute_url())
    assert set(event.demands.all()) == set(rows)
    elsewhere.refresh_from_db()
    assert elsewhere.state == DemandState.OPEN


def test_what_a_person_wished_for_is_forgotten(city):
    member = make_single(make_unit(city))
    event = make_event(city)
    rows = [
        make_demand(member.organization, asked_by=member, on_behalf_of_unit=False, state=state, event=event)
        for state in (DemandState.OPEN, DemandState.PLANNED)
    ]
    of_unit = make_demand(member.organization, asked_by=member)
    make_invitation(event, member)
    assert erase_demands(member=member) == 2
    assert erase_invitations(member=member) == 1
    found = dict(EventDemand.objects.values_list("pk", "state"))
    assert found == {rows[0].pk: "withdrawn", rows[1].pk: "planned", of_unit.pk: "open"}
    assert set(EventDemand.objects.filter(on_behalf_of_unit=False).values_list("wish", flat=True)) == {""}
