"""Series, themes, venues, partners: written by services, read within reach, held at one time by one event."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matchmaking import rules
from matchmaking.choices.events import EventState
from matchmaking.models import EventPartner, EventSeries, EventTheme, MatchEvent, Venue
from matchmaking.selectors.planning import partner_share, venue_too_small
from matchmaking.services.events import event_cancel, event_submit
from matchmaking.services.planning import partner_add, partner_remove, series_update, venue_update, venues_take_back
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from tests.factories.matchmaking import event_times, make_event, make_participation, make_single, put_event
from tests.factories.matchmaking_planning import make_partner, make_series, make_theme, make_venue
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db


def test_a_series_of_the_province_is_there_for_its_cities_and_not_the_other_way():
    province, city, other = make_province(), make_organization(), make_organization()
    of_province, of_city = make_series(province), make_series(city)
    seen = {city: {of_province, of_city}, other: {of_province}, province: {of_province, of_city}}
    for place, expected in seen.items():
        assert set(EventSeries.objects.visible_to(make_staff(place))) == expected


@pytest.mark.parametrize("make", [make_series, make_venue])
def test_an_edit_that_came_first_is_a_conflict(make):
    row = make()
    update = {"EventSeries": series_update, "Venue": venue_update}[type(row).__name__]
    name = {"EventSeries": "series", "Venue": "venue"}[type(row).__name__]
    update(actor=None, version=1, name="甲", **{name: row})
    with pytest.raises(Conflict):
        update(actor=None, version=1, name="乙", **{name: row})
    row.refresh_from_db()
    assert (row.name, row.version) == ("甲", 2)


def test_a_name_stands_once():
    series = make_series()
    with pytest.raises(ValidationError):
        make_series(series.organization, name=series.name)
    theme = make_theme()
    with pytest.raises(ValidationError):
        make_theme(name=theme.name)
    assert (EventSeries.objects.count(), EventTheme.objects.count()) == (1, 1)


def test_themes_are_kept_at_the_top_alone(client):
    theme, city = make_theme(), make_organization()
    address = reverse("matchmaking:theme-update", args=[theme.pk])
    data = {"name": "读书会", "summary": "x", "mode": "offline", "order": 1, "active": "on"}
    assert sign_in(client, make_staff(city)).post(address, data).status_code == 403
    theme.refresh_from_db()
    assert theme.name != "读书会"
    assert sign_in(client, make_staff(make_province())).post(address, data).status_code == 302
    theme.refresh_from_db()
    assert theme.name == "读书会"


def at(hours, length=3):
    begins = (timezone.localtime() + timedelta(days=6)).replace(hour=hours, minute=0, second=0, microsecond=0)
    ends = begins + timedelta(hours=length)
    return {"starts_at": begins, "ends_at": ends, "choice_opens_at": begins, "choice_closes_at": begins + timedelta(8)}


def test_two_events_are_never_at_one_venue_at_one_time_and_the_refusal_names_what_is_free():
    city = make_organization()
    venue = make_venue(city)
    make_event(city, venue=venue, state=EventState.PUBLISHED, **at(14))
    with pytest.raises(DomainError) as refusal:
        make_event(city, venue=venue, state=EventState.DRAFT, **at(16))
    assert refusal.value.code == "venue-taken"
    assert "08:00–14:00, 17:00–22:00" in str(refusal.value)
    assert MatchEvent.objects.count() == 1
    assert make_event(city, venue=venue, state=EventState.DRAFT, **at(17)).venue == venue


def test_a_draft_holds_no_venue_and_the_second_to_be_submitted_is_refused():
    city = make_organization()
    venue, chair = make_venue(city), make_staff(city)
    make_staff(city)
    one = make_event(city, venue=venue, state=EventState.DRAFT, created_by=chair, **at(14))
    two = make_event(city, venue=venue, state=EventState.DRAFT, created_by=chair, **at(15))
    event_submit(event=one, actor=chair)
    with pytest.raises(DomainError) as refusal:
        event_submit(event=two, actor=chair)
    assert refusal.value.code == "venue-taken"
    assert MatchEvent.objects.get(pk=two.pk).state == EventState.DRAFT


def test_a_cancelled_event_gives_its_venue_back():
    city = make_organization()
    venue = make_venue(city)
    event = make_event(city, venue=venue, **at(14))
    event_cancel(event=event, actor=event.created_by, reason="天气")
    assert make_event(city, venue=venue, **at(14)).venue == venue


def test_the_month_of_a_venue_names_only_what_the_reader_sees(client):
    province, city, other = make_province(), make_organization(), make_organization()
    venue = make_venue(province)
    times = at(14)
    event = make_event(other, venue=venue, title="别市活动", **times)
    address = venue.get_absolute_url() + f"?month={times['starts_at']:%Y-%m}"
    page = sign_in(client, make_staff(city)).get(address).content.decode()
    assert (event.title in page, "14:00–17:00" in page) == (False, True)
    assert event.title in sign_in(client, make_staff(other)).get(address).content.decode()


def test_a_venue_that_is_too_small_is_said(client):
    city = make_organization()
    cadre = make_staff(city)
    event = make_event(city, venue=make_venue(city, capacity=3), created_by=cadre, state=EventState.DRAFT)
    assert venue_too_small(event)
    page = sign_in(client, cadre).get(event.get_absolute_url()).content.decode()
    assert "场地容纳人数少于名额" in page


def test_an_event_starts_from_the_text_of_its_theme(client):
    city, theme = make_organization(), make_theme(summary="带一本喜欢的书")
    cadre = make_staff(city)
    times = {name: f"{timezone.localtime(value):%Y-%m-%dT%H:%M}" for name, value in event_times().items()}
    data = {
        "organization": city.pk,
        "title": "读书会",
        "summary": "",
        "theme": theme.pk,
        "mode": "offline",
        "target_group": "everyone",
        "men_quota": 5,
        "women_quota": 5,
        "choices_per_person": 3,
        "table_minutes": 8,
        **times,
    }
    address = reverse("matchmaking:event-create")
    assert sign_in(client, cadre).post(address, data).status_code == 302
    assert MatchEvent.objects.get().summary == "带一本喜欢的书"
    without = client.post(address, {**data, "theme": ""})
    assert (without.status_code, MatchEvent.objects.count()) == (422, 1)


def test_armed_forces_are_by_invitation_alone():
    city = make_organization()
    with pytest.raises(DomainError) as refusal:
        make_event(city, target_group="services")
    assert refusal.value.code == "not-restricted"
    assert make_event(city, target_group="services", restricted=True).restricted


def test_a_union_partner_reads_figures_and_nobody_else_does(client):
    lead, ours, other = make_organization(), make_organization(), make_organization()
    event = make_event(lead, men_quota=9, women_quota=9)
    partner = make_partner(event, organization=ours)
    make_participation(event, make_single(lead))
    address = reverse("matchmaking:partner-figures", args=[partner.pk])
    assert sign_in(client, make_staff(ours, Role.CADRE)).get(address).status_code == 200
    assert event.title in client.get(reverse("matchmaking:partner-list")).content.decode()
    assert client.get(event.get_absolute_url()).status_code == 404
    assert client.get(reverse("matchmaking:event-participants", args=[event.pk])).status_code == 404
    assert sign_in(client, make_staff(other)).get(address).status_code == 404


def test_a_draft_shows_its_partners_nothing_yet():
    lead, ours = make_organization(), make_organization()
    partner = make_partner(make_event(lead, state=EventState.DRAFT), organization=ours)
    assert not EventPartner.objects.shared_with(make_staff(ours)).exists()
    put_event(partner.event, EventState.PUBLISHED)
    assert EventPartner.objects.shared_with(make_staff(ours)).get() == partner


def test_the_share_of_a_partner_is_of_its_people_and_hidden_at_restricted_events():
    lead = make_province()
    ours = make_organization(lead)
    unit = make_unit(ours)
    for restricted, expected in ((False, 1), (True, None)):
        event = make_event(lead, restricted=restricted)
        make_participation(event, make_single(unit), unit=unit)
        make_participation(event, make_single(lead), unit=lead)
        assert partner_share(make_partner(event, organization=ours)) == expected


def test_partners_are_refused_twice_and_as_the_lead():
    event = make_event()
    actor = event.created_by
    partner_add(actor=actor, event=event, kind="media", name="示例电视台")
    with pytest.raises(ValidationError):
        partner_add(actor=actor, event=event, kind="media", name="示例电视台")
    for wrong in ({"organization": event.organization}, {"name": ""}):
        with pytest.raises(DomainError):
            partner_add(actor=actor, event=event, kind="union", **wrong)
    assert event.partners.count() == 1
    partner_remove(actor=actor, partner=event.partners.get())
    assert event.partners.count() == 0


def test_the_calendar_shows_the_reach_and_any_month_is_read(client):
    city, other = make_organization(), make_organization()
    mine, theirs = make_event(city), make_event(other)
    sign_in(client, make_staff(city))
    address = reverse("matchmaking:event-calendar")
    page = client.get(f"{address}?month={timezone.localtime(mine.starts_at):%Y-%m}").content.decode()
    assert (mine.title in page, theirs.title in page) == (True, False)
    for odd in ("", "x", "2026-13", "0001-01", "9999-12", "2026-1"):
        assert client.get(address, {"month": odd}).status_code == 200


@pytest.mark.parametrize("name", ["series", "venue"])
def test_rows_of_a_higher_level_are_read_and_not_edited(client, name):
    row = {"series": make_series, "venue": make_venue}[name](make_province())
    cadre = sign_in(client, make_staff(make_organization()))
    assert cadre.get(row.get_absolute_url()).status_code == 200
    assert cadre.get(reverse(f"matchmaking:{name}-update", args=[row.pk])).status_code == 403
    assert not rules.can_edit_series(make_staff(make_organization()), row)


def test_a_venue_in_use_is_not_taken_back():
    city = make_organization()
    venue, free = make_venue(city), make_venue(city)
    make_event(city, venue=venue)
    with pytest.raises(DomainError):
        venues_take_back(pks=[venue.pk, free.pk])
    assert Venue.objects.count() == 2
    assert venues_take_back(pks=[free.pk]) == 1
