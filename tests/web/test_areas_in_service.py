"""An area out of service is shown nowhere in the portal.

Its rows stay, and nobody's data is left out.
"""

from datetime import timedelta
from itertools import pairwise

import environ
import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking import tasks
from matchmaking.choices.events import EventState
from matchmaking.models import EventDemand
from portal.core.discovery import ALWAYS, declared
from portal.core.roles import WORK_AREAS, Role
from portal.exchange.registers import registers
from portal.members.services.erasing import member_erase
from portal.messaging.choices import JobState, MessageState
from portal.messaging.models import Job, Message, Reminder
from portal.messaging.selectors import areas
from portal.messaging.services.jobs import job_post, jobs_dispatch
from portal.messaging.services.messages import deliver_due, message_post
from portal.messaging.services.reminders import reminders_plan
from portal.settings.areas import AREAS, areas_in_service
from portal.statistics.asking import shown_indicators
from portal.web.context import todo_items
from tests.factories.matchmaking import make_event, put_event
from tests.factories.matchmaking_library import make_demand
from tests.factories.matchmaking_matchmakers import make_case, make_volunteer
from tests.factories.matchmaking_singles import make_profile
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.layout.addresses import addresses

pytestmark = pytest.mark.django_db
AREA = "matchmaking"
LEVELS = ("province", "city", "county", "township")


@pytest.fixture
def closed(settings):
    """Take matchmaking out of service."""
    settings.PORTAL_AREAS = [area for area in AREAS if area != AREA]
    return settings


def signed_in(member):
    client = Client()
    sign_in(client, member)
    return client


def line():
    """Return an organisation of each level from the province down, by level."""
    found = {"province": make_province()}
    for above, kind in pairwise(LEVELS):
        found[kind] = make_organization(found[above], kind=kind)
    return found


def paths():
    """Return every address of the area, including those of the admin."""
    found = set()
    for address in addresses():
        if address.name.startswith((f"{AREA}:", f"admin:{AREA}_")):
            found.add(address.path())
        elif address.is_admin and "app_label" in dict(address.arguments):
            found.add(address.path(app_label=AREA))
    return sorted(found)


def test_every_address_of_the_area_answers_404(closed):
    city, found = make_organization(), paths()
    asked = (
        ("get", signed_in(make_staff(city, Role.CADRE)), found),
        ("get", signed_in(make_member(make_unit(city))), found),
        ("post", Client(), found),
        (
            "get",
            signed_in(make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR)),
            [path for path in found if path.startswith("/admin/")],
        ),
    )
    assert len(found) > 200
    open_still = [
        (method, path)
        for method, client, places in asked
        for path in places
        if getattr(client, method)(path).status_code != 404
    ]
    assert open_still == []


def test_what_another_area_has_stays_open(closed):
    client = signed_in(make_staff(make_organization(), Role.CADRE))
    assert client.get(reverse("notices:notice-list")).status_code == 200


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("role", [Role.CHAIR, Role.CADRE])
def test_the_first_page_of_each_level_opens_without_the_area(closed, level, role):
    client = signed_in(make_staff(line()[level], role))
    page = client.get("/")
    assert page.status_code == 200
    assert f"/{AREA}/" not in page.content.decode()
    closed.PORTAL_AREAS = AREAS
    assert f"/{AREA}/" in client.get("/").content.decode()


def test_the_first_pages_of_members_and_visitors_open_without_the_area(closed):
    client = signed_in(make_profile().member)
    for reader in (client, Client()):
        page = reader.get("/")
        assert page.status_code == 200
        assert f"/{AREA}/" not in page.content.decode()
    closed.PORTAL_AREAS = AREAS
    assert f"/{AREA}/" in client.get("/").content.decode()


def test_nothing_is_declared_but_what_always_holds(closed):
    names = ("menu", "todo", "reminders", "imports", *sorted(ALWAYS))
    ours = {name for name in names if any(module.__name__.startswith(f"{AREA}.") for module in declared(name))}
    closed.PORTAL_AREAS = AREAS
    assert ours == {name for name in ALWAYS if any(m.__name__.startswith(f"{AREA}.") for m in declared(name))}
    assert {"erasing", "own_data", "merging", "standing", "retention"} <= ours


def test_figures_registers_and_choices_are_without_the_area(closed):
    def shown():
        return [words.area for words in shown_indicators().values()], list(registers()), list(areas())

    found, codes, labels = shown()
    closed.PORTAL_AREAS = AREAS
    all_found, all_codes, all_labels = shown()
    assert len(set(all_found)) - len(set(found)) == 1
    assert set(codes) < set(all_codes)
    assert set(all_labels) - set(labels) == {AREA}


def test_a_to_do_item_is_not_shown(closed, rf):
    chair = make_staff(make_organization())
    make_event(chair.organization, state=EventState.SUBMITTED)

    def items():
        request = rf.get("/")
        request.user, request.session = chair, {}
        return [item for item in todo_items(request) if item.url.startswith(f"/{AREA}/")]

    assert items() == []
    closed.PORTAL_AREAS = AREAS
    assert items() != []


def test_a_due_reminder_is_not_planned(closed):
    helper = make_volunteer()
    make_case(helper, next_due=timezone.localdate(), last_contact_at=timezone.now())
    assert reminders_plan() == 0
    assert not Reminder.objects.exists()
    closed.PORTAL_AREAS = AREAS
    assert reminders_plan() > 0


def test_a_queued_message_is_held_and_one_in_the_portal_hidden(closed):
    member = make_profile().member
    event = make_event()
    message_post(
        kind="matchmaking.offered",
        to=member,
        about=event,
        context={"title": event.title, "until": timezone.now().isoformat(), "at": timezone.now().isoformat()},
        channels=("in_app", "email"),
        address="reader@example.org",
    )
    assert deliver_due() == 0
    assert set(Message.objects.exclude(channel="in_app").values_list("state", flat=True)) == {MessageState.WAITING}
    assert not Message.objects.visible_to(member).exists()
    closed.PORTAL_AREAS = AREAS
    assert Message.objects.due().exists()
    assert Message.objects.visible_to(member).exists()


def test_tasks_do_nothing_and_jobs_stay_queued(closed):
    event = put_event(make_event(), signup_closes_at=timezone.now() - timedelta(minutes=5))
    job = job_post(kind="matchmaking.nothing", actor=make_staff(), about_id=event.pk)
    tasks.keep_time()
    event.refresh_from_db()
    assert event.state == EventState.PUBLISHED
    assert jobs_dispatch() == 0
    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED
    closed.PORTAL_AREAS = AREAS
    tasks.keep_time()
    event.refresh_from_db()
    assert event.state != EventState.PUBLISHED


def test_erasing_a_person_still_empties_the_area(closed):
    city = make_organization()
    profile = make_profile(unit=make_unit(city), about="示例抹去")
    make_demand(profile.member.organization, asked_by=profile.member, on_behalf_of_unit=False, wish="示例心愿")
    member_erase(member=profile.member, actor=make_staff(city))
    assert not EventDemand.objects.filter(wish="示例心愿").exists()
    assert not type(profile).objects.filter(about="示例抹去").exists()


def test_all_areas_are_in_service_unless_some_are_named():
    assert tuple(area.value for area in WORK_AREAS) == AREAS == tuple(configured.AREAS)
    env = environ.Env()
    for text, found in (("", AREAS), ("rights, matchmaking", ("rights", "matchmaking"))):
        env.ENVIRON = {"PORTAL_AREAS": text}
        assert areas_in_service(env) == found


def test_an_unknown_area_stops_the_start():
    env = environ.Env()
    env.ENVIRON = {"PORTAL_AREAS": "matchmaking,dancing"}
    with pytest.raises(ImproperlyConfigured, match="PORTAL_AREAS names no area of the portal: dancing"):
        areas_in_service(env)
