"""The people who make the requests of the matrix, and the objects requested.

The world has one county with its city, and another city beside it.
"""

import copy
import csv
import re
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from matchmaking.choices.events import EventState
from portal.core.models import Heartbeat
from portal.core.periods import Period
from portal.core.roles import Role
from portal.core.services import heartbeat_note
from portal.deadlines.models import ClockRule
from portal.exchange.choices import FileKind
from portal.exchange.documents import DOCX
from portal.members.services.factors import factor_begin
from portal.messaging.choices import Channel
from portal.messaging.models import Job, Message, Reminder
from portal.notices.choices import NoticeState
from portal.notices.models import NoticeFile
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import CalendarDay, LegalParameter, Region
from portal.papers.models import LetterTemplate
from portal.statistics.models import IndicatorDefinition, Recount
from portal.web.numbers import NUMBERS
from tests.areas import FOLDER, Asked, area_of, files, merged
from tests.brief import BRIEF
from tests.factories.exchange import make_file
from tests.factories.matchmaking import make_event
from tests.factories.members import make_duty, make_member, make_staff, sign_in
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.layout.objects import ADMIN_OBJECTS, ANYONES, OBJECTS, Home

MATRIX = Path(__file__).with_name("matrix.csv")
ADMIN_POSTS = re.compile(r"admin:[a-z]+_[a-z]+_(add|change|changelist|delete|find)")
WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)")
# What a refused request may write: the session, and counts of attempts.
WRITTEN_BY_ASKING = {"django_session", "core_throttle"}


def matrix_files():
    """Return {area: its matrix}; the shared matrix is that of the area ""."""
    return {"": MATRIX, **files(MATRIX.name)}


def matrix_of(name):
    """Return the file that has the lines of a URL."""
    area = area_of(name)
    return FOLDER / area / MATRIX.name if area else MATRIX


def read_matrix():
    """Return (roles, URL name -> {method: {role: cell}}) of the shared matrix and the areas' own."""
    roles, found = [], {}
    for area, file in matrix_files().items():
        with file.open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(line for line in lines if not line.startswith("#"))
            roles = roles or table.fieldnames[2:]
            if table.fieldnames != ["url", "method", *roles]:
                raise ValueError(f"{file} has other columns than {MATRIX}")
            for row in table:
                name, method = row.pop("url"), row.pop("method")
                if area_of(name) != area:
                    raise ValueError(f"{name} {method} stands in {file}, and belongs in {matrix_of(name)}")
                if method in found.setdefault(name, {}):
                    raise ValueError(f"{name} {method} stands twice in {file}")
                found[name][method] = row
    return roles, found


def methods_of(address):
    """Return the methods for which an address needs a line."""
    view = address.view_class
    if view is not None:
        return [name.upper() for name in ("get", "post") if hasattr(view, name) and name in view.http_method_names]
    if address.name == "admin:logout":
        return ["POST"]
    return ["GET", "POST"] if ADMIN_POSTS.fullmatch(address.name) else ["GET"]


@dataclass
class World:
    """The organisations and people; ``clients`` has a signed-in client for each role."""

    home: Home
    people: dict
    clients: dict


def build_world():
    """Create the organisations and one person for each role.

    The objects belong to the county, ``home``.
    """
    for name in ("beat", "worker"):
        heartbeat_note(name=name)
    # The heartbeats count as alive for as long as the tests of this world take.
    Heartbeat.objects.update(at=timezone.now() + timedelta(hours=2))
    root, city = make_province(), make_organization(name="示例甲市总工会")
    county = make_organization(parent=city, kind=OrganizationKind.COUNTY, name="示例甲县总工会")
    beside = make_organization(name="示例乙市总工会")
    today = timezone.localdate()
    expired = make_member(county)
    make_duty(expired, county, Role.CHAIR, valid_from=today - timedelta(days=30), valid_until=today)
    people = {
        "member": make_member(county),
        "other": make_member(beside),
        "expired": expired,
        "grass": make_staff(make_unit(county)),
        "county": make_staff(county),
        "ccadre": make_staff(county, Role.CADRE),
        "chair": make_staff(city),
        "cadre": make_staff(city, Role.CADRE),
        "reviewer": make_staff(city, Role.REVIEWER),
        "editor": make_staff(city, Role.EDITOR),
        "officer": make_staff(city, Role.MATCHMAKING_OFFICER),
        "stranger": make_staff(beside),
        "province": make_staff(root),
        "system": make_staff(root, Role.SYSTEM_ADMINISTRATOR),
        "security": make_staff(root, Role.SECURITY_ADMINISTRATOR),
        "audit": make_staff(root, Role.AUDIT_ADMINISTRATOR),
        "far": make_staff(beside, Role.SYSTEM_ADMINISTRATOR),
    }
    home = Home(city=county, chair=make_staff(county))
    clients = {role: lasting(client_of(person)) for role, person in {**people, "own": home.chair}.items()}
    clients["visitor"] = Client(raise_request_exception=False)
    # No message of this world becomes due while its tests run.
    Message.objects.due().update(due_at=timezone.now() + timedelta(hours=2))
    return World(home=home, people=people, clients=clients)


def client_of(person):
    """Return a client signed in as ``person`` who has just typed a code."""
    client = sign_in(Client(raise_request_exception=False), person)
    session = client.session
    session["code_at"] = int(time.time())
    session.save()
    return client


def lasting(client):
    """Return a client whose session outlasts the slowest run.

    The session also holds the counts of the menu, which otherwise take a third of the time of an answer.
    """
    client.get("/")
    session = client.session
    later = session["seen_at"] = session["code_at"] = int(time.time()) + 3600
    session[NUMBERS] = {name: (number, later) for name, (number, _at) in session.get(NUMBERS, {}).items()}
    session.save()
    return client


def begun_factor(home):
    owner = make_staff(home.city)
    factor_begin(member=owner)
    return Asked({}, owner)


def notice_in(state):
    return lambda home: Asked({"pk": make_notice(home.city, created_by=home.chair, state=state).pk}, home.chair)


def attachment(home):
    file = make_file(home.chair, FileKind.DOCUMENT, "application/pdf")
    return Asked({"pk": NoticeFile.objects.create(notice=make_notice(home.city), file=file).pk}, home.chair)


def item(home):
    """Build an event that waits for approval.

    It is a to-do item of everyone who may approve it, but not of its planner.
    """
    held = make_event(home.city, created_by=make_staff(home.city, Role.CADRE))
    held = type(held).objects.filter(pk=held.pk)
    held.update(state=EventState.SUBMITTED)
    return Asked({}, home.chair, query={"item": held.get().get_absolute_url()})


def completed(home):
    return Asked({}, home.chair, query={"app_label": "members", "model_name": "duty", "field_name": "organization"})


def figures(home):
    """Build a query for statistics: the figure of the object's organisation, in a range of months."""
    period = Period.range(date(2026, 2, 1), date(2026, 4, 30))
    return Asked({}, home.chair, query={"code": "MM02p", "node": home.city.pk, "period": period})


# URL name -> builder, for a page whose object in tests/layout/objects.py is not in the state the page is about, for a
# page without arguments that needs a person of its own, and for a page that needs a query string. The builders of an
# area are in its stages.py.
STAGED = {
    "admin:app_list": lambda home: Asked({"app_label": "audit"}, home.chair),
    "admin:autocomplete": completed,
    "exchange:export-run-start": lambda home: Asked({}, home.chair, query={"list": "/members/"}),
    "members:authenticator-qr": begun_factor,
    "messaging:message-dead": lambda home: Asked({}, home.chair, body={"action": "retry"}),
    "messaging:todo-delegation-create": item,
    "notices:file-open": attachment,
    "notices:notice-approve": notice_in(NoticeState.SUBMITTED),
    "notices:notice-publish": notice_in(NoticeState.APPROVED),
    "notices:notice-return": notice_in(NoticeState.SUBMITTED),
    "notices:notice-withdraw": notice_in(NoticeState.PUBLISHED),
    **{
        f"statistics:{name}": figures
        for name in ("dashboard", "explorer", "figure-export", "figure-rows", "range-count", "targets")
    },
}


def region(home):
    return Region.objects.create(code="990000", name="示例省", level=1, valid_from=date(2020, 1, 1))


# Model in the admin -> builder of a row that belongs to no organisation.
COMMON_ROWS = {
    "statistics.IndicatorDefinition": lambda home: IndicatorDefinition.objects.create(code="MM01"),
    "statistics.Recount": lambda home: Recount.objects.create(
        kind="full", started_at=timezone.now(), finished_at=timezone.now()
    ),
    "deadlines.ClockRule": lambda home: ClockRule.objects.create(code="a.b", unit="days", source="a"),
    "messaging.Job": lambda home: Job.objects.create(kind="a.b", about_id=1, actor=home.chair),
    "messaging.Message": lambda home: Message.objects.create(recipient=home.chair, kind="a.b", channel=Channel.IN_APP),
    "messaging.Reminder": lambda home: Reminder.objects.create(
        rule="a.b", about_model="a.b", about_id=1, due_on=date(2026, 1, 1), recipient=home.chair, channel=Channel.IN_APP
    ),
    "organizations.CalendarDay": lambda home: CalendarDay.objects.create(
        day=date(2031, 1, 1), kind=CalendarDay._meta.get_field("kind").choices[0][0]
    ),
    "organizations.LegalParameter": lambda home: LegalParameter.objects.create(
        key="a", value=1, valid_from=date(2026, 1, 1), source="a"
    ),
    "organizations.Region": region,
    "papers.LetterTemplate": lambda home: LetterTemplate.objects.create(
        kind="a.b", version=1, file=make_file(home.chair, FileKind.DOCUMENT, DOCX), uploaded_by=home.chair
    ),
}


STAGED = merged(STAGED, "stages", "STAGED")
COMMON_ROWS = merged(COMMON_ROWS, "stages", "COMMON_ROWS")


def admin_row(address, home):
    """Return the arguments and the body for a page of the admin about one row."""
    label, _, name = address.name.removeprefix("admin:").partition("_")
    model = apps.get_model(label, name.rpartition("_")[0])
    row = {**ADMIN_OBJECTS, **COMMON_ROWS}[model._meta.label](home)
    # Django's page for deleting asks for confirmation first; this is the answer.
    return Asked({"object_id": row.pk}, home.chair, body={"post": "yes"} if name.endswith("_delete") else {})


def build(address, home):
    """Build the object that ``address`` is about."""
    if address.name in STAGED:
        return STAGED[address.name](home)
    if address.is_admin:
        return admin_row(address, home) if address.arguments else Asked({}, home.chair)
    builder = OBJECTS.get(address.name) or ANYONES.get(address.name, (lambda home: {},))[0]
    made = builder(home)
    return Asked(*made) if isinstance(made, tuple) else Asked(made, home.chair)


def cell_of(response):
    """Return the matrix cell of a response."""
    if response.streaming:
        b"".join(response.streaming_content)
    if response.status_code != 302:
        return str(response.status_code)
    target = urlsplit(response.headers["Location"])
    if target.path.startswith(settings.STATIC_URL):
        return "302"
    name = resolve(target.path).view_name
    if "next" in parse_qs(target.query) and (name == "admin:login" or name.startswith("members:sign-in")):
        return "in"
    asked = response.wsgi_request.resolver_match
    return "gone" if name == "admin:index" and asked and "object_id" in asked.kwargs else "302"


def ask(client, method, path, body=None, *, brief=False, **headers):
    """Send a request whose writes and cookies are rolled back.

    Returns (cell, tables written, response). With ``brief`` the page is not drawn; with ``REFUSALS`` the page of a
    refusal is not drawn.
    """
    marks = {BRIEF: brief} if brief else {}
    cookies = copy.deepcopy(client.cookies)
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        response = client.generic(method, path, urlencode(body or {}), FORM, headers=headers, **marks)
        transaction.set_rollback(True)
    client.cookies = cookies
    written = {match[2] for query in queries if (match := WRITES.match(query["sql"]))}
    return cell_of(response), written - WRITTEN_BY_ASKING, response


FORM = "application/x-www-form-urlencoded"
