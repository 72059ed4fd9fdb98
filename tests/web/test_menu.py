"""Menu entries: who sees which, in what order, and which is the active one."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from portal.core.roles import Role
from portal.web import menu
from portal.web.context import Shell
from portal.web.numbers import forget
from tests.factories.members import make_member, make_staff

pytestmark = pytest.mark.django_db
EVENTS, PEOPLE = "matchmaking:event-list", "members:member-list"


def asked(actor, path="/"):
    """Return a request of ``actor``."""
    request = RequestFactory().get(path)
    request.user, request.session = actor, {}
    return request


def names(shell, actor):
    return [entry.url_name for entry in menu.entries(shell, asked(actor))]


def test_a_number_is_asked_once_and_again_after_a_deed():
    request, counted = asked(make_staff()), []
    entry = menu.Entry("desk", "", "home", "home", count=lambda actor: counted.append(actor) or 7)
    assert [entry.number(request), entry.number(request)] == [7, 7]
    assert len(counted) == 1
    forget(request)
    assert entry.number(request) == 7
    assert len(counted) == 2


@pytest.mark.parametrize(
    ("role", "events", "people"),
    [
        (Role.CADRE, True, True),
        (Role.MATCHMAKING_OFFICER, True, True),
        (Role.EDITOR, False, False),
        (Role.SYSTEM_ADMINISTRATOR, False, True),
    ],
)
def test_the_desk_shows_what_a_duty_opens(role, events, people):
    shown = names("desk", make_staff(role=role))
    assert (EVENTS in shown, PEOPLE in shown) == (events, people)


def test_a_bar_has_at_most_five_places_in_order():
    entries = menu.entries("member", asked(make_member()))
    assert [entry.order for entry in entries] == sorted(entry.order for entry in entries)
    assert 2 <= len([entry for entry in entries if not entry.spare]) <= 5
    places = [place["url"] for place in Shell(asked(make_member())).bar]
    assert places == ["/", "/matchmaking/meet/", "/matchmaking/singles/", "/notices/", "/me/"]


def test_her_own_page_keeps_its_place_when_the_bar_is_full(monkeypatch):
    extra = menu.Entry("member", "", "matchmaking:caseload-list", "heart", order=20)
    found = menu.entries("member", asked(make_member()))
    monkeypatch.setattr(menu, "entries", lambda shell, request: sorted([*found, extra], key=lambda entry: entry.order))
    places = [place["url"] for place in Shell(asked(make_member())).bar]
    assert len(found) > len(places) == 5
    assert reverse("members:me") in places
    assert reverse("messaging:inbox") not in places
    assert reverse("matchmaking:single-list") not in places


def test_every_entry_has_an_address_and_a_picture():
    from portal.web.icons import known_icons

    found = menu.entries("desk", asked(make_staff())) + menu.entries("member", asked(make_member()))
    assert [entry.icon for entry in found if entry.icon not in known_icons()] == []
    assert all(reverse(entry.url_name) for entry in found)


@pytest.mark.parametrize(
    ("path", "active"),
    [("/members/", "/members/"), ("/members/17/", "/members/"), ("/", "/"), ("/nowhere/", None)],
)
def test_the_longest_matching_address_is_the_active_one(path, active):
    request = asked(make_staff(), path)
    places = menu.as_places(menu.entries("desk", request), request)
    marked = [place["url"] for place in places if place["active"]]
    assert marked == ([active] if active in [place["url"] for place in places] else [])
