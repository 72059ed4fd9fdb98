"""Crawl every page of the URLconf as people who have access.

The tests of headers, tokens and reading use this crawl.
"""

import contextlib
import copy
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import connections, transaction
from django.test import Client

from portal.core.roles import Role
from portal.core.services import heartbeat_note
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province
from tests.layout.addresses import Address, addresses
from tests.layout.objects import ADMIN_OBJECTS, ANYONES, OBJECTS, Home

TOKEN = "c" * 32
ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)


@dataclass(frozen=True)
class Visit:
    """A page and the session that opens it; ``person`` None is a visitor."""

    address: Address
    path: str
    person: object
    client: Client


def session_of(person, **options):
    """Return a client signed in as ``person``.

    The client has just typed a code and has a form token.
    """
    client = Client(raise_request_exception=False, **options)
    client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    if person is not None:
        sign_in(client, person)
        session = client.session
        session["code_at"] = session["seen_at"]
        session.save()
    return client


def lasting_session_of(person):
    """Return a client whose session outlasts the slowest crawl.

    An administrator's session would otherwise end after a quarter of an hour.
    """
    client = session_of(person)
    session = client.session
    session["seen_at"] = session["code_at"] = session["seen_at"] + 3600
    session.save()
    return client


def make_home():
    """Create the city whose objects are visited, with heartbeats of beat and worker."""
    heartbeat_note(name="beat")
    heartbeat_note(name="worker")
    city = make_organization(name="示例甲市总工会")
    return Home(city=city, chair=make_staff(city))


def _of_admin(address, home):
    """Return the paths of an address of the admin, for a row of the home city if the address needs a row."""
    if not address.arguments:
        return [address.path()]
    for label, builder in ADMIN_OBJECTS.items():
        if address.name.startswith(f"admin:{label.lower().replace('.', '_')}_") and "object_id" in dict(
            address.arguments
        ):
            return [address.path(object_id=builder(home).pk)]
    return [address.path()]


def visits(home, within="", roles=ADMINISTRATORS, **options):
    """Yield the visits of ``visits_by_address`` one by one."""
    for together in visits_by_address(home, within, roles, **options):
        yield from together


def visits_by_address(home, within="", roles=ADMINISTRATORS, **options):
    """Yield for each page its visits by all who have access.

    They are the object's people, administrators and a visitor. ``within`` limits the crawl to addresses whose names
    begin with it. What they create and write is rolled back before the next page; the sessions of the chair and the
    administrators are created once.
    """
    administrators = [make_staff(make_province(), role) for role in roles]
    keys = {person: lasting_session_of(person).cookies for person in [home.chair, *administrators]}
    for address in (one for one in addresses() if one.name.startswith(within)):
        if address.arguments and not address.is_admin and address.name not in {**OBJECTS, **ANYONES}:
            continue
        with transaction.atomic():
            together = []
            for path, person in _pairs(address, home, administrators):
                if person in keys:
                    client = Client(raise_request_exception=False, **options)
                    client.cookies = copy.deepcopy(keys[person])
                else:
                    client = session_of(person, **options)
                together.append(Visit(address, path, person, client))
            yield together
            transaction.set_rollback(True)


def _pairs(address, home, administrators):
    if address.is_admin:
        return [(path, person) for path in _of_admin(address, home) for person in administrators]
    builder = OBJECTS.get(address.name) or ANYONES.get(address.name, (lambda _home: {},))[0]
    made = builder(home)
    arguments, person = made if isinstance(made, tuple) else (made, home.chair)
    people = [person, None] if address.is_public else [person]
    if address.name.startswith("audit:"):
        people = administrators[-1:]
    return [(address.path(**arguments), person) for person in people]


READING = re.compile(
    r"[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SHOW|EXPLAIN|SET LOCAL|DECLARE|FETCH|CLOSE|WITH)\b", re.I
)
WRITING = re.compile(
    r'\b(INSERT\s+INTO|(?<!FOR )UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE|COPY)\s+(ONLY\s+)?"?(\w+)"?', re.I
)


@contextlib.contextmanager
def written_tables():
    """Yield a set that collects the tables written to meanwhile.

    A statement that is neither a known read nor a known write is added by its text.
    """
    found = set()

    def watch(execute, sql, params, many, context):
        words = (
            sql
            if isinstance(sql, str)
            else sql.decode()
            if isinstance(sql, bytes)
            else sql.as_string(context["cursor"].cursor)
        )
        tables = {
            match[3].lower()
            for match in WRITING.finditer(words)
            if match[3].upper() not in ("SET", "SKIP", "NOWAIT", "OF")
        }
        if tables or not READING.match(words):
            found.update(tables or {words[:60]})
        return execute(sql, params, many, context)

    with contextlib.ExitStack() as stack:
        for each in connections.all():
            stack.enter_context(each.execute_wrapper(watch))
        yield found
