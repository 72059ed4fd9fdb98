"""Series and themes of events: written by services, read within reach."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matchmaking import rules
from matchmaking.models import EventSeries, EventTheme, MatchEvent
from matchmaking.services.series import series_update
from matchmaking.services.venues import venue_update
from portal.core.errors import Conflict
from tests.factories.matchmaking import event_times
from tests.factories.matchmaking_library import make_series, make_theme, make_venue
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province

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


@pytest.mark.parametrize("name", ["series", "venue"])
def test_rows_of_a_higher_level_are_read_and_not_edited(client, name):
    row = {"series": make_series, "venue": make_venue}[name](make_province())
    cadre = sign_in(client, make_staff(make_organization()))
    assert cadre.get(row.get_absolute_url()).status_code == 200
    assert cadre.get(reverse(f"matchmaking:{name}-update", args=[row.pk])).status_code == 403
    assert not rules.can_edit_series(make_staff(make_organization()), row)
