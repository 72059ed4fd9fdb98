"""The calendar of events, and groups that are invited alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.errors import DomainError
from tests.factories.matchmaking import make_event
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


def test_armed_forces_are_by_invitation_alone():
    city = make_organization()
    with pytest.raises(DomainError) as refusal:
        make_event(city, target_group="services")
    assert refusal.value.code == "not-restricted"
    assert make_event(city, target_group="services", restricted=True).restricted


def test_the_calendar_shows_the_reach_and_any_month_is_read(client):
    city, other = make_organization(), make_organization()
    mine, theirs = make_event(city), make_event(other)
    sign_in(client, make_staff(city))
    address = reverse("matchmaking:event-calendar")
    page = client.get(f"{address}?month={timezone.localtime(mine.starts_at):%Y-%m}").content.decode()
    assert (mine.title in page, theirs.title in page) == (True, False)
    for odd in ("", "x", "2026-13", "0001-01", "9999-12", "2026-1"):
        assert client.get(address, {"month": odd}).status_code == 200
