"""Who may open which page.

A visitor gets 302, a person out of reach 404, a person within reach but without the capability 403, and the right
person 200.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import MatchEvent, Pair
from portal.core.choices import Sex
from portal.core.roles import Role
from portal.exchange.choices import FileKind, RunState
from portal.exchange.models import ImportRun
from portal.exchange.services.files import file_store
from portal.organizations.choices import OrganizationKind
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice, put_event
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
REDIRECT, OK, FORBIDDEN, MISSING = 302, 200, 403, 404


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def unit(city):
    return make_unit(city)


@pytest.fixture
def people(city, unit):
    """Return a person for each part, by name."""
    return {
        "visitor": None,
        "member": make_member(unit),
        "neighbour": make_staff(make_organization(name="示例乙市总工会"), role=Role.CHAIR),
        "county": make_staff(make_organization(parent=city, kind=OrganizationKind.COUNTY), role=Role.CHAIR),
        "own unit": make_staff(unit, role=Role.CHAIR),
        "editor": make_staff(city, role=Role.EDITOR),
        "reviewer": make_staff(city, role=Role.REVIEWER),
        "officer": make_staff(city, role=Role.MATCHMAKING_OFFICER),
        "cadre": make_staff(city, role=Role.CADRE),
        "chair": make_staff(city, role=Role.CHAIR),
        "province": make_staff(make_province(), role=Role.CHAIR),
    }


def answers(client, people, path):
    """Return the status of ``path`` for each person."""
    found = {}
    for who, person in people.items():
        client.logout()
        if person is not None:
            sign_in(client, person)
        found[who] = client.get(path).status_code
    return found


def expected(**differing):
    """Return the expected status for each person.

    Outsiders get 404 or, without sign-in, a redirect; ``differing`` gives other statuses by name (``own_unit`` for "own
    unit").
    """
    usual = dict.fromkeys(("member", "neighbour", "county", "own unit"), MISSING)
    usual |= {"visitor": REDIRECT, **dict.fromkeys(("reviewer", "officer", "cadre", "chair", "province"), OK)}
    return usual | {name.replace("_", " "): status for name, status in differing.items()}


EDITS = {"reviewer": FORBIDDEN, "editor": MISSING}
APPROVES = {"cadre": FORBIDDEN, "officer": FORBIDDEN, "editor": MISSING}
EVENT_PAGES = {
    "detail": (EventState.DRAFT, {"editor": MISSING}),
    "update": (EventState.DRAFT, EDITS),
    "submit": (EventState.DRAFT, EDITS),
    "approve": (EventState.SUBMITTED, APPROVES),
    "return": (EventState.SUBMITTED, APPROVES),
    "publish": (EventState.APPROVED, EDITS),
    "cancel": (EventState.PUBLISHED, EDITS),
    "close-sign-up": (EventState.PUBLISHED, EDITS),
    "open-choice": (EventState.SIGNUP_CLOSED, EDITS),
    "reveal": (EventState.CHOICE_OPEN, EDITS),
    "close": (EventState.REVEALED, EDITS),
    "participants": (EventState.PUBLISHED, EDITS),
    "pairs": (EventState.REVEALED, EDITS),
    "matchmakers": (EventState.PUBLISHED, EDITS),
    "poster": (EventState.PUBLISHED, EDITS),
    "qr": (EventState.PUBLISHED, EDITS),
}


@pytest.mark.parametrize("page", EVENT_PAGES)
def test_an_event_opens_to_whom_her_duty_lets(client, city, people, page):
    state, differing = EVENT_PAGES[page]
    event = make_event(city, state=state, created_by=make_staff(city, role=Role.CADRE))
    assert answers(client, people, reverse(f"matchmaking:event-{page}", args=[event.pk])) == expected(**differing)


def test_who_planned_an_event_does_not_approve_it(client, city):
    chair = make_staff(city, role=Role.CHAIR)
    event = make_event(city, state=EventState.SUBMITTED, created_by=chair)
    sign_in(client, chair)
    for page in ("approve", "return"):
        path = reverse(f"matchmaking:event-{page}", args=[event.pk])
        assert (client.get(path).status_code, client.post(path).status_code) == (FORBIDDEN, FORBIDDEN)
    assert MatchEvent.objects.get(pk=event.pk).state == EventState.SUBMITTED


@pytest.mark.parametrize("page", [page for page, (_state, differing) in EVENT_PAGES.items() if differing == EDITS])
def test_without_the_capability_nothing_changes(client, city, people, page):
    event = make_event(city, state=EVENT_PAGES[page][0], created_by=people["cadre"])
    before = MatchEvent.objects.values().get(pk=event.pk)
    path = reverse(f"matchmaking:event-{page}", args=[event.pk])
    for who, status in {"reviewer": FORBIDDEN, "own unit": MISSING, "neighbour": MISSING, "member": MISSING}.items():
        sign_in(client, people[who])
        answer = client.post(path, {"reason": "x", "members": []}).status_code
        assert answer in (status, 405), who
    assert MatchEvent.objects.values().get(pk=event.pk) == before


LISTS = {
    "matchmaking:event-list": {"editor": FORBIDDEN},
    "matchmaking:event-create": {"editor": FORBIDDEN, "reviewer": FORBIDDEN},
    "members:member-list": {"editor": FORBIDDEN},
    "members:member-create": {"editor": FORBIDDEN, "reviewer": FORBIDDEN},
    "organizations:organization-list": {},
    "organizations:organization-create": {"editor": FORBIDDEN, "reviewer": FORBIDDEN, "officer": FORBIDDEN},
    "exchange:run-list": {},
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_opens_to_the_desk(client, people, name):
    wanted = dict.fromkeys(people, OK) | {"visitor": REDIRECT, "member": MISSING} | LISTS[name]
    assert answers(client, people, reverse(name)) == wanted


def test_a_person_opens_to_whom_her_duty_lets(client, people, unit):
    member = make_member(unit)
    detail = reverse("members:member-detail", args=[member.pk])
    assert answers(client, people, detail) == expected(editor=MISSING, own_unit=OK)
    update = reverse("members:member-update", args=[member.pk])
    assert answers(client, people, update) == expected(**EDITS, own_unit=OK)


def test_an_organization_opens_to_whom_her_duty_lets(client, people, city):
    detail = reverse("organizations:organization-detail", args=[city.pk])
    assert answers(client, people, detail) == expected(editor=OK)
    for page in ("update", "close"):
        path = reverse(f"organizations:organization-{page}", args=[city.pk])
        refused = dict.fromkeys(("editor", "reviewer", "officer"), FORBIDDEN)
        assert answers(client, people, path) == expected(**refused)


def test_an_import_opens_to_whom_her_duty_lets(client, people, city):
    run = ImportRun.objects.create(
        register="members.roster",
        organization=city,
        uploaded_by=people["cadre"],
        state=RunState.CHECKED_CLEAN,
        file=file_store(
            actor=people["cadre"], name="a.xlsx", chunks=[b"x"], kind=FileKind.values[0], content_type="text/plain"
        ),
        language="zh-hans",
    )
    for page in ("run-detail", "run-part", "run-faults", "run-confirm", "run-discard", "run-take-back"):
        path = reverse(f"exchange:{page}", args=[run.pk])
        assert answers(client, people, path) == expected(**EDITS), page


def test_participants_are_not_seen_by_their_own_unit(client, city, unit, people):
    event = make_event(city, created_by=people["cadre"])
    single = make_single(unit, name="示例钱多多")
    make_participation(event, single)
    sign_in(client, people["own unit"])
    pages = ["/", "/matchmaking/events/", f"/members/{single.pk}/", "/matchmaking/meet/", event.get_member_url()]
    for path in pages:
        words = client.get(path).content.decode()
        assert "M001" not in words
        assert "W001" not in words
        assert "爬山" not in words
    assert client.get(f"/matchmaking/events/{event.pk}/participants/").status_code == MISSING


@pytest.fixture
def round_of_four(city, unit):
    """Return an open round of two women and two men, each with a photograph."""
    event = open_choice(make_event(city, created_by=make_staff(city)))
    rows = {}
    for name, sex in (("ann", Sex.FEMALE), ("bea", Sex.FEMALE), ("carl", Sex.MALE), ("dan", Sex.MALE)):
        single = make_single(unit, sex)
        photo = file_store(
            actor=single, name="card.jpg", chunks=[b"x"], kind=FileKind.PICTURE, content_type="image/jpeg"
        )
        rows[name] = make_participation(event, single, photo=photo)
    return event, rows


def photo_answers(client, event, rows, viewer):
    sign_in(client, viewer)
    found = {}
    for name, row in rows.items():
        response = client.get(reverse("matchmaking:meet-photo", args=[event.slug, row.pk]))
        b"".join(response.streaming_content) if response.streaming else response.content
        found[name] = response.status_code
    return found


def test_a_photo_is_seen_by_the_other_list_while_the_round_is_open(client, city, round_of_four, people):
    event, rows = round_of_four
    seen = photo_answers(client, event, rows, rows["ann"].member)
    assert seen == {"ann": OK, "bea": MISSING, "carl": OK, "dan": OK}
    for who in ("member", "own unit", "cadre", "chair", "province"):
        assert set(photo_answers(client, event, rows, people[who]).values()) == {MISSING}, who
    client.logout()
    assert client.get(reverse("matchmaking:meet-photo", args=[event.slug, rows["ann"].pk])).status_code == REDIRECT


def test_after_the_round_a_photo_is_seen_by_the_pair_alone(client, round_of_four):
    event, rows = round_of_four
    event = put_event(event, EventState.REVEALED)
    low, high = sorted((rows["ann"], rows["carl"]), key=lambda row: row.pk)
    Pair.objects.create(event=event, one=low, two=high, held_on=timezone.localdate())
    seen = photo_answers(client, event, rows, rows["ann"].member)
    assert seen == {"ann": OK, "bea": MISSING, "carl": OK, "dan": MISSING}


def test_a_pair_opens_to_the_two_alone(client, round_of_four, people):
    event, rows = round_of_four
    event = put_event(event, EventState.REVEALED)
    low, high = sorted((rows["ann"], rows["carl"]), key=lambda row: row.pk)
    pair = Pair.objects.create(event=event, one=low, two=high, held_on=timezone.localdate())
    path = reverse("matchmaking:pair-detail", args=[pair.pk])
    everyone = {**people, **{name: row.member for name, row in rows.items()}}
    found = {}
    for who, person in everyone.items():
        client.logout()
        if person:
            sign_in(client, person)
            session = client.session
            session["code_at"] = session["seen_at"]
            session.save()
        found[who] = client.get(path).status_code
    wanted = dict.fromkeys(everyone, MISSING) | {"visitor": REDIRECT, "ann": OK, "carl": OK}
    assert found == wanted


def test_contacts_and_choices_ask_for_a_fresh_code(client, round_of_four):
    event, rows = round_of_four
    sign_in(client, rows["ann"].member)
    path = reverse("matchmaking:meet-choose", args=[event.slug])
    response = client.get(path)
    assert (response.status_code, response.url.startswith("/sign-in/fresh/")) == (REDIRECT, True)
    before = list(rows["ann"].choices.all())
    assert client.post(path, {"chosen": [rows["carl"].pk]}).status_code == REDIRECT
    assert list(rows["ann"].choices.all()) == before == []
