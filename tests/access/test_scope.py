"""One city never reaches another.

Tested are seven methods, with and without htmx, numbers in queries and bodies, and choices in forms.
"""

import pytest
from django import forms
from django.urls import reverse

from portal.core.roles import Role
from portal.members.models import Member
from portal.messaging.choices import Channel, MessageState
from portal.messaging.models import Message
from portal.organizations.models import Organization
from tests.access.world import ask, build, client_of
from tests.brief import REFUSALS
from tests.factories.members import make_duty, make_member, make_staff
from tests.factories.organizations import make_organization, make_unit
from tests.layout.addresses import addresses
from tests.layout.objects import OBJECTS, Home

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CANARY = "金丝雀"
# Query parameters that name a row: parameters of look-ups, switches and choices.
BY_NUMBER = (
    "organization",
    "member",
    "open",
    "for",
    "place",
    "unit",
    "after",
    "parent",
    "employer",
    "event",
    "one",
    "pk",
)


@pytest.fixture
def home():
    city = make_organization(name=f"{CANARY}市总工会")
    return Home(city=city, chair=make_staff(city, name=f"{CANARY}主席"))


@pytest.fixture
def beside(home):
    """The neighbouring city, whose path begins like the path of the home city."""
    return make_organization(name="示例乙市总工会")


def test_seven_methods_find_nothing_of_another_city(home, beside):
    """Seven methods find nothing of another city.

    The matrix tests GET and POST of the other roles.
    """
    client, odd, tried, drawn = client_of(make_staff(beside)), [], 0, set()
    for address in addresses():
        if address.name not in OBJECTS:
            continue
        path = build(address, home).path(address)
        for method in METHODS:
            # A fragment is requested only with the methods that pages answer.
            for headers in ({}, {"HX-Request": "true"}) if method in ("GET", "POST") else ({},):
                # The page of a refusal does not depend on what was requested: one for each app is drawn.
                app = address.name.partition(":")[0], method, *headers
                brief = method != "GET" or (app in drawn and REFUSALS)
                drawn.add(app)
                cell, written, response = ask(client, method, path, brief=brief, **headers)
                tried += 1
                body = b"" if response.streaming else response.content
                if cell not in ("404", "405") or written or CANARY.encode() in body:
                    odd.append((address.name, method, headers, cell, sorted(written)))
    assert odd == []
    assert tried == 9 * sum(address.name in OBJECTS for address in addresses())


def test_methods_without_a_line_do_nothing_for_anybody(home):
    odd, chair = [], client_of(home.chair)
    for address in addresses():
        if address.view_class is None:
            continue
        asked = build(address, home)
        client = chair if asked.person == home.chair else client_of(asked.person)
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            cell, written, _response = ask(client, method, asked.path(address), brief=True)
            # Pages that redirect everyone who is signed in do so before they check the method.
            if cell not in ("404", "405", "302", "403") or written:
                odd.append((address.name, method, cell, sorted(written)))
    assert odd == []


@pytest.mark.parametrize(("who", "headers"), [("chair", {}), ("chair", {"HX-Request": "true"}), ("member", {})])
def test_numbers_behind_the_question_mark_show_nothing_of_another_city(home, beside, who, headers):
    unit = make_unit(home.city, name=f"{CANARY}厂")
    person = make_member(unit, name=f"{CANARY}人")
    duty = make_duty(person, home.city)
    client, odd = client_of(make_staff(beside) if who == "chair" else make_member(beside)), []
    pages = {"list": f"/members/?organization={home.city.pk}", "item": f"/members/duties/{duty.pk}/"}
    queries = [
        dict.fromkeys(BY_NUMBER, home.city.pk),
        {**dict.fromkeys(BY_NUMBER, person.pk), "open": unit.pk, "for": duty.pk, **pages},
        {"find": CANARY, "q": CANARY, "name": CANARY, "place": CANARY},
    ]
    for address in addresses():
        if address.arguments or address.is_admin or "GET" not in _methods(address):
            continue
        for query in queries:
            asked = build(address, home)
            asked.query = query
            cell, _written, response = ask(client, "GET", asked.path(address), **headers)
            body = "" if response.streaming else response.content.decode()
            if cell.startswith("5") or any(f"{CANARY}{ending}" in body for ending in ("市", "厂", "人", "主席")):
                odd.append((address.name, query, cell))
    assert odd == []


def _methods(address):
    return [name.upper() for name in ("get", "post") if hasattr(address.view_class, name)]


def choices_of(form):
    """Return (name, field) of each field of a form that offers a choice of rows."""
    return [(name, field) for name, field in form.fields.items() if isinstance(field, forms.ModelChoiceField)]


def form_pages(home):
    """Return (address, path) of pages with a form that are not about a row."""
    for address in addresses():
        if not address.is_admin and (not address.arguments or address.name == "exchange:import-start"):
            asked = build(address, home)
            if getattr(address.view_class, "form_class", None):
                yield address, asked.path(address)


def test_no_form_offers_or_takes_a_row_of_another_city(home, beside):
    foreign = {
        Organization: make_unit(home.city, name=f"{CANARY}厂").pk,
        Member: make_member(home.city, name=f"{CANARY}人").pk,
    }
    client, odd, seen = client_of(make_staff(beside)), [], []
    for address, path in form_pages(home):
        _cell, _written, response = ask(client, "GET", path)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is None:
            continue
        if CANARY.encode() in response.content:
            odd.append((address.name, "shown"))
        for name, field in choices_of(form):
            pk = foreign.get(field.queryset.model)
            if pk is None:
                continue
            seen.append((address.name, name))
            if field.queryset.filter(pk=pk).exists():
                odd.append((address.name, name, "offered"))
            cell, written, answer = ask(client, "POST", path, {name: pk})
            if cell != "422" or name not in answer.context_data["form"].errors or written:
                odd.append((address.name, name, cell, sorted(written)))
    assert odd == []
    assert {
        ("exchange:import-start", "organization"),
        ("matchmaking:event-create", "organization"),
        ("members:member-create", "organization"),
        ("organizations:employer-create", "organization"),
        ("organizations:organization-create", "parent"),
    } <= set(seen)


@pytest.mark.parametrize("page", ["organization-move", "organization-merge"])
def test_an_organization_goes_to_no_place_of_another_city(home, beside, page):
    own, foreign = make_unit(beside), make_unit(home.city)
    client = client_of(make_staff(beside))
    path = reverse(f"organizations:{page}", args=[own.pk])
    target = home.city if page.endswith("move") else foreign
    for query in (f"?place={target.pk}", f"?find={CANARY}"):
        assert CANARY.encode() not in client.get(path + query).content.replace(f'value="{CANARY}"'.encode(), b"")
    cell, written, _response = ask(client, "POST", path, {"place": target.pk, "on": "2026-01-01"})
    assert (cell, written) == ("422", set())


def test_matchmakers_of_another_city_are_not_taken(home, beside):
    from tests.factories.matchmaking import make_event

    event, chair = make_event(beside), make_staff(beside)
    path = reverse("matchmaking:event-matchmakers", args=[event.pk])
    cell, written, _response = ask(client_of(chair), "POST", path, {"members": home.chair.pk})
    assert (cell, written, event.matchmakers.count()) == ("422", set(), 0)


def test_the_switch_takes_no_place_of_another_city(home, beside):
    client = client_of(make_staff(beside))
    client.post(reverse("web:switch"), {"organization": home.city.pk})
    assert "here" not in client.session
    assert CANARY not in client.get("/").content.decode()


def test_a_deed_on_many_rows_takes_rows_of_the_list_alone(home):
    """An action on many rows changes rows of its list only.

    The only such list is that of undeliverable messages; a message that can still be delivered is not a row of it, even
    if its number is sent.
    """
    sent = Message.objects.create(recipient=home.chair, kind="a.b", channel=Channel.SMS, state=MessageState.DELIVERED)
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.CHAIR):
        client = client_of(make_staff(role=role))
        for body in ({"action": "retry", "pk": sent.pk}, {"one": sent.pk}):
            client.post(reverse("messaging:message-dead"), body)
    assert Message.objects.get(pk=sent.pk).state == MessageState.DELIVERED
