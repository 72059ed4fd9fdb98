"""The whole URLconf: who has access, what outsiders see, and what hostile arguments do."""

import contextlib
import copy
import inspect
import logging
import re
import time
from functools import cache
from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, resolve, reverse
from django.views.generic.list import BaseListView

from portal.core.roles import Role
from portal.core.services import heartbeat_note
from tests.areas import merged
from tests.brief import BRIEF, REFUSALS
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province
from tests.layout.addresses import addresses, is_own, nameless
from tests.layout.objects import ADMIN_ANYONES, ADMIN_OBJECTS, ANYONES, OBJECTS, Home

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pages")]

# Pages that need no sign-in, and why.
PUBLIC = {
    "healthz": "the load balancer asks it",
    "readyz": "the monitor asks it; strangers read one word",
    "metrics": "the monitor asks it with its token; strangers find nothing",
    "home": "visitors read here what this is",
    "members:sent-messages": "the demonstration's text messages; 404 everywhere else",
    "members:sign-in": "the door itself",
    "members:sign-in-activate": "her first visit, after her phone was confirmed",
    "members:sign-in-code": "the door itself",
    "members:sign-in-factor": "the second step of the door",
    "members:sign-in-invitation-code": "the code by which staff get their access",
    "members:sign-in-invitation": "the link by which staff get their access",
    "members:sign-in-invited": "the link by which staff get their access",
    "members:sign-in-enrol": "the link by which staff get their access",
    "members:sign-in-lost": "the ways back with a new number or a lost phone",
    "members:sign-in-other-number": "moves an account to the number just confirmed",
    "members:sign-in-stop": "stops a change of number by the code in the text message",
    "members:sign-in-staff": "the door itself",
    "members:sign-in-totp": "the second step of the door",
    "members:sign-in-unit": "who is on no roster asks her unit, her phone confirmed",
    "members:sign-in-unknown": "where a confirmed phone that stands on no roster ends",
    "notices:file-open": "attachments of public notices; all others ask for the sign-in",
    "notices:posted-detail": "public notices; all others ask for the sign-in",
    "notices:posted-list": "public notices",
    "papers:certificate-check": "whoever scans a plate reads whether it is valid",
    "papers:certificate-find": "whoever types the code of a plate",
    "statistics:published": "figures for anyone: whole quarters and years, small numbers hidden",
    "web:browser": "inside WeChat everybody may learn how a file is saved",
    "web:favicon": "browsers ask for it before anybody signs in",
    "web:language": "visitors choose their language",
    "web:privacy": "visitors read what is logged, and for how long",
    "web:robots": "search engines ask it",
    "web:security-txt": "whom to tell of a weakness",
    "web:theme": "visitors choose light or dark",
}
# Addresses that are not named after a model: name -> why.
NAMES_WITHOUT_MODEL = {
    "members:account-history": "one's own account",
    "members:paper-code-new": "one's own recovery codes on paper",
    "members:people-confirm": "people who show the codes on their phones",
    "members:phone-own": "one's own new number",
    "members:phone-own-code": "one's own new number",
    "members:proof": "confirming who one is",
    "members:proof-old-phone": "confirming who one is",
    "members:recovery-use": "confirming who one is",
    "exchange:import-start": "begins with a register, which is code",
    "exchange:import-template": "belongs to a register, which is code",
    "exchange:index": "the registers she may fill",
    "home": "the root",
    "healthz": "a probe",
    "readyz": "a probe",
    "metrics": "a probe",
    "members:fresh": "a second look at who she is",
    "members:fresh-code": "a second look at who she is",
    "members:me": "her own page",
    "members:password": "her own sign-in",
    "members:security": "her own sign-in",
    "members:sessions": "her own sign-in",
    "members:sent-messages": "the demonstration's text messages",
    "messaging:inbox": "her messages as a whole",
    "messaging:inbox-read": "her messages as a whole",
    "statistics:dashboard": "all figures of a place at a glance",
    "statistics:explorer": "any figure anywhere",
    "statistics:published": "what anyone reads",
    "statistics:targets": "all targets of a year",
    "web:browser": "the phone's browser",
    "web:favicon": "an address that everybody knows",
    "web:language": "a setting of the shell",
    "web:privacy": "a statement of the portal as a whole",
    "web:robots": "an address that everybody knows",
    "web:security-txt": "an address that everybody knows",
    "web:switch": "a setting of the shell",
    "web:theme": "a setting of the shell",
}
# Other subjects of addresses: namespace -> {subject: why it is not a model's name}.
OTHER_THINGS = {
    "notices": {"posted": "a notice as its readers see it"},
    "statistics": {"range": "months of her own choice, whose people are counted on request"},
}
# Those of the areas are in tests/<area>/objects.py.
PUBLIC = merged(PUBLIC, "objects", "PUBLIC")
NAMES_WITHOUT_MODEL = merged(NAMES_WITHOUT_MODEL, "objects", "NAMES_WITHOUT_MODEL")
OTHER_THINGS = merged(OTHER_THINGS, "objects", "OTHER_THINGS")
ADD = "add a builder for each to tests/layout/objects.py, or to tests/<area>/objects.py"
SIGN_IN = re.compile(r"members:sign-(in|out)(-[a-z]+)*")
HOSTILE_NUMBERS = [0, 2**31, 2**63, 10**30]
HOSTILE_TEXTS = ["x" * 300, "\x00", "不存在", "'\"<>&", "..", "%s%n{0}", "9" * 30]
# int() refuses more than 4300 digits with a ValueError, whatever isdecimal() says.
ENDLESS = "9" * 5000
HOSTILE_VALUES = [
    ENDLESS,
    "%00",
    "%ED%A0%80",
    "x" * 300,
    "9" * 30,
    "-1",
    "2026-02-30",
    "1e400",
    "%25s",
    "1,2",
    "",
    "%E2%80%AE",
]
QUERY_NAMES = ["page", "per_page", "sort", "find", "next", "organization"]
# Values that may break even a page that reads no query string itself, in its shell and its links.
ANYWHERE = [ENDLESS, "%ED%A0%80", "%E2%80%AE"]
READ = {part: re.compile(rf"\b{part}(?:\.get\(\"(\w+)\")?") for part in ("GET", "POST")}
# Patterns by which a class reads the query, the body or the arguments of an address.
WORDS = {
    "query": r"\.GET\b|filterset|full_path",
    "body": r"\.POST\b|\bdef (get_form|get_form_class|get_form_kwargs|post)\b",
    "path": r"\.kwargs\b|\bdef get_object\b|\bdef (get|post|dispatch)\(self, request, \w",
}
NOT_ALLOWED = 405
KIT = "portal.web.views"
OURS = {"portal", *(config.name.split(".")[0] for config in apps.get_app_configs() if is_own(config))}
LABELS = [config.label for config in apps.get_app_configs() if is_own(config)]
POST_NAMES = ["chosen", "next", "organization", "language", "theme", "x"]


@pytest.fixture(autouse=True, scope="module")
def brief_answers():
    """Allow requests to ask for a status or a refusal without the page.

    Thousands of refusals are not logged.
    """
    middleware = [*settings.MIDDLEWARE, "tests.brief.BriefMiddleware"]
    with override_settings(ROOT_URLCONF="tests.brief", MIDDLEWARE=middleware):
        logging.disable(logging.WARNING)
        yield
        logging.disable(logging.NOTSET)


def ask(client, method, path, **kwargs):
    """Send a request whose writes and cookies are rolled back.

    So one answer does not change the next.
    """
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method)(path, **kwargs)
        if response.streaming:
            response.getvalue()  # reading to the end closes it
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def signed_in(member):
    return sign_in(Client(raise_request_exception=False), member)


def signed_in_afresh(member):
    """Sign ``member`` in with a code typed just now.

    So pages that require a recent code answer themselves.
    """
    client = signed_in(member)
    session = client.session
    session["code_at"] = time.time()
    session.save()
    return client


@pytest.fixture
def home(db):
    # Without heartbeats of beat and worker /readyz is red, as it should be.
    heartbeat_note(name="beat")
    heartbeat_note(name="worker")
    city = make_organization(name="示例甲市总工会")
    return Home(city=city, chair=make_staff(city))


@pytest.fixture
def stranger(home):
    """The chair of another city, whose path begins like the path of the home city."""
    return make_staff(make_organization(name="示例乙市总工会"))


def built(address, home):
    """Return (arguments, person who has access) of an address."""
    builder = OBJECTS.get(address.name) or ANYONES.get(address.name, (lambda home: {},))[0]
    made = builder(home)
    return made if isinstance(made, tuple) else (made, home.chair)


def test_public_pages_are_the_listed_ones():
    public = {address.name for address in addresses() if address.is_public and not address.is_admin}
    assert public == set(PUBLIC)
    assert all(PUBLIC.values())


def test_admin_has_no_public_page():
    assert [a.name for a in addresses() if a.is_admin and a.is_public and a.name != "admin:jsi18n"] == []


def test_addresses_have_names():
    assert [address.callback for address in nameless() if not address.name.startswith("admin:")] == []


def kebabs(model):
    """Return the names that an address may use for a model: ``import-run`` in full, or ``run``."""
    full = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", model.__name__).lower()
    return {full, full.rpartition("-")[2]}


def test_names_say_model_and_verb():
    odd = []
    for address in addresses():
        namespace, _, name = address.name.rpartition(":")
        if address.is_admin or address.name in NAMES_WITHOUT_MODEL or SIGN_IN.fullmatch(address.name):
            continue
        models = apps.get_app_config(namespace).get_models() if namespace in apps.app_configs else []
        things = {kebab for model in models for kebab in kebabs(model)} | OTHER_THINGS.get(namespace, {}).keys()
        if not any(re.fullmatch(rf"{thing}(-[a-z]+)+", name) for thing in things):
            odd.append(address.name)
    assert odd == []


def test_the_lists_name_what_exists():
    known = {address.name for address in addresses()}
    listed = [*PUBLIC, *NAMES_WITHOUT_MODEL, *OBJECTS, *ANYONES]
    assert [name for name in listed if name not in known] == []


def test_visitors_are_sent_to_the_sign_in(client):
    odd = []
    for address in addresses():
        if address.is_public:
            continue
        response = client.get(address.path())
        if response.status_code in (404, 405):
            continue
        target = urlsplit(response.headers.get("Location", "")).path
        door = resolve(target).view_name if response.status_code == 302 else ""
        # The admin redirects to its own sign-in, which redirects to the portal's.
        if not SIGN_IN.fullmatch(door) and not (address.is_admin and door == "admin:login"):
            odd.append((address.name, response.status_code))
    assert odd == []


def test_visitors_cannot_post(client):
    odd = []
    for address in addresses():
        if not address.is_public:
            response = client.post(address.path())
            if response.status_code not in (302, 404, 405):
                odd.append((address.name, response.status_code))
    assert odd == []


def test_every_address_with_arguments_has_an_object():
    missing = [
        address.name
        for address in addresses()
        if address.arguments and not address.is_admin and address.name not in {**OBJECTS, **ANYONES}
    ]
    assert missing == [], ADD


def test_objects_of_another_city_are_not_found(home, stranger):
    """Objects of another city are not found.

    Only the status is checked: hostile/test_headers.py draws each page for its own people.
    """
    odd = []
    outsider, chair = signed_in_afresh(stranger), signed_in(home.chair)
    for address in addresses():
        if address.name not in OBJECTS:
            continue
        arguments, insider = built(address, home)
        path = address.path(**arguments)
        answers = [ask(outsider, method, path, **{BRIEF: True}).status_code for method in ("get", "post")]
        if not set(answers) <= {404, 405} or 404 not in answers:
            odd.append((address.name, "another city", answers))
        client = chair if insider == home.chair else signed_in(insider)
        answers = [ask(client, method, path, **{BRIEF: True}).status_code for method in ("get", "post")]
        if 404 in answers or max(answers) >= 500:
            odd.append((address.name, "its own people", answers))
    assert odd == []


def test_every_model_of_the_admin_has_an_object():
    registered = {model._meta.label for model in admin.site._registry}
    assert registered <= {*ADMIN_OBJECTS, *ADMIN_ANYONES}, ADD


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR])
def test_admin_rows_of_another_city_do_not_open(home, role):
    outsider = signed_in(make_staff(make_organization(), role))
    odd = []
    for model in admin.site._registry:
        if model._meta.label in ADMIN_OBJECTS:
            row = ADMIN_OBJECTS[model._meta.label](home)
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
            answers = [ask(outsider, method, path, **{BRIEF: True}).status_code for method in ("get", "post")]
            if not set(answers) <= {302, 403, 404}:
                odd.append((model._meta.label, answers))
    assert odd == []


def test_the_admin_is_closed_to_all_but_administrators(home):
    client = signed_in(home.chair)
    odd = []
    for address in addresses():
        if address.is_admin and address.name not in ("admin:jsi18n", "admin:logout"):
            response = ask(client, "get", address.path(), **{BRIEF: True})
            if response.status_code not in (302, 403, 404, 405):
                odd.append((address.name, response.status_code))
    assert odd == []


def paths(address, home):
    """Return paths of an address with hostile arguments.

    NUL and similar characters are quoted by ``reverse``.
    """
    if not address.arguments:
        return [address.path()]
    found = []
    for name, converter in address.arguments:
        values = HOSTILE_NUMBERS if converter == "IntConverter" else HOSTILE_TEXTS
        if address.is_admin and not address.name.startswith("admin:members_member_"):
            # Django's own views: only one model gets all the values.
            values = ["\x00", "9" * 30]
        if converter == "UUIDConverter":
            values = ["00000000-0000-4000-8000-000000000000"]
        for value in values:
            with contextlib.suppress(NoReverseMatch):  # the pattern refuses the value: no such address
                found.append(address.path(**{name: value}))
    return found


def reads_of(view, part):
    """Return whether a view reads GET or POST of the request, and which names it reads.

    Counted are the view and its base classes outside the kit.
    """
    if view is None:
        return True, []
    own = [base for base in view.__mro__ if base.__module__.split(".")[0] in OURS and base.__module__ != KIT]
    names = [name for base in own for name in READ[part].findall(_source_of(base))]
    return bool(names) or (part == "GET" and issubclass(view, BaseListView)), sorted(set(names) - {""})


def kind_of(address, part):
    """Return what reads the query, the body or the arguments of an address.

    These are its own classes and those of the kit. Addresses of one kind read the same fields with the same code, so
    every hostile value is sent to only one of them.
    """
    view = address.view_class
    if address.is_admin:
        return _kind_in_admin(address, part)
    if view is None:
        return address.name
    words = WORDS[part]
    readers = tuple(base for base in view.__mro__ if _says(base, words))
    if part == "query":
        return readers, getattr(view, "filterset_class", None), issubclass(view, BaseListView)
    if part == "body":
        return readers, getattr(view, "form_class", None)
    model = getattr(view, "model", None)
    return readers, address.arguments, model and type(model._meta.pk)


def _kind_in_admin(address, part):
    """Return the kind of a page of the admin.

    Lists differ by their filters, forms by their fields.
    """
    called = getattr(address.callback, "__qualname__", address.name)
    own = {"query": "_changelist", "body": ("_add", "_change", "_find"), "path": "_find"}[part]
    return called, address.arguments, address.name if address.name.endswith(own) else ""


@cache
def _source_of(base):
    """Return the source of a class, or "" of one made by an Action, whose behaviour is in its bases."""
    with contextlib.suppress(OSError):
        return inspect.getsource(base)
    return ""


@cache
def _says(base, words):
    """Return whether the source of a class of this project contains the words.

    A class made at run time counts as a kind of its own.
    """
    if base.__module__.split(".")[0] not in OURS:
        return False
    source = _source_of(base)
    return not source or re.search(words, source) is not None


def filters_of(address):
    """Return {name: filter} of the list at an address."""
    return getattr(getattr(address.view_class, "filterset_class", None), "base_filters", {})


def fields_of(address):
    """Return {name: field} of the form at an address."""
    return getattr(getattr(address.view_class, "form_class", None), "base_fields", {})


def queries(address):
    """Return hostile query strings whose parameters include the view's filters.

    Every parameter gets the same value at once, so that a value refused early does not hide another one. Django's own
    views of the admin get a sample.
    """
    filters = filters_of(address)
    asks, read = reads_of(address.view_class, "GET")
    names = [*QUERY_NAMES, *filters, *read]
    values = HOSTILE_VALUES[:4] if address.is_admin else HOSTILE_VALUES if asks or filters else ANYWHERE
    together = ["&".join(f"{name}={value}" for name in names) for value in values]
    strange = ["per_page=-1", "per_page=0", "page=0"] if values is HOSTILE_VALUES else []
    return [*together, *strange, "%00=1", "x[]=1&=2&&;"]


def posts(address):
    """Return hostile bodies for the fields of the view's form."""
    in_form = fields_of(address)
    reads, read = reads_of(address.view_class, "POST")
    fields = [*in_form, *read, *POST_NAMES]
    if address.is_admin:
        return [urlencode(dict.fromkeys(fields, "9" * 30))]
    values = [ENDLESS, "", "\x00", "x" * 300, "9" * 30, "2026-02-30", "1e400", "\u202e不", "-1", "[]"]
    if not in_form and not reads:
        # An action without fields: only its shell reads what is sent.
        values = [ENDLESS, "\x00", "\u202e不"]
    return [urlencode(dict.fromkeys(fields, value)) for value in values] + ["%ED%A0%80=%FF", "=" * 3000]


def make_lasting(client):
    """Let the session outlast the slowest crawl."""
    session = client.session
    if "seen_at" in session:
        session["seen_at"] = int(time.time()) + 3600
        session.save()


def walk_hostile(client, listed, home):
    """Return the requests answered with 500 or more, the first for each address and method.

    Every address gets one hostile query, one body and one value for its arguments. The other values go to the first
    address of each kind, and are drawn once for each set of fields, because typed values are shown by the fields and
    their errors.
    """
    failed, met, shown, is_in = {}, set(), set(), "_auth_user_id" in client.session
    make_lasting(client)

    def note(address, method, path, **kwargs):
        status = ask(client, method, path, **kwargs).status_code
        if status >= 500:
            failed.setdefault((address.name, method), (status, path[:300], kwargs.get("data", "")[:100]))
        return status

    def some(values, address, part, method):
        """Return all values for the first address of its kind, and one value for the others."""
        kind = (part, method, kind_of(address, part))
        chosen = values[:1] if kind in met else values
        met.add(kind)
        return chosen

    def drawn(number, value, fields):
        """Return the mark of a request that need not be drawn, or {}.

        The first request to an address is drawn, and each value once for each set of fields.
        """
        looks = value[-20:], frozenset(type(field) for field in fields.values())
        known = looks in shown
        shown.add(looks)
        return {BRIEF: True} if number and known else {}

    form = {"content_type": "application/x-www-form-urlencoded"}
    for address in listed:
        if address.arguments and not address.is_admin and address.name not in {**OBJECTS, **ANYONES}:
            continue
        plain = address.path(**built(address, home)[0])
        strange = paths(address, home) if address.arguments else []
        # The page of a refusal is drawn once, because its words do not depend on the address.
        brief = {BRIEF: REFUSALS} if met else {}
        for path in some(strange, address, "path", "get"):
            note(address, "get", path, **brief)
        if note(address, "get", plain, **{BRIEF: True}) != NOT_ALLOWED:
            for number, query in enumerate(some(queries(address), address, "query", "get")):
                mark = drawn(number, query, filters_of(address))
                note(address, "get", f"{plain}?{query}", **mark)
        if note(address, "post", plain, data="", **form) != NOT_ALLOWED:
            for path in some(strange, address, "path", "post"):
                note(address, "post", path, data="", **form, **{BRIEF: True})
            for number, body in enumerate(some(posts(address), address, "body", "post")):
                mark = drawn(number, body, fields_of(address))
                note(address, "post", plain, data=body, **form, **mark)
    assert ("_auth_user_id" in client.session) == is_in
    return failed


def of_app(label, found):
    """Return the addresses of one app; addresses without an app belong to web."""
    return [address for address in found if (address.name.rpartition(":")[0] or "web") == label]


def test_every_address_belongs_to_an_app():
    assert {address.name.rpartition(":")[0] or "web" for address in addresses()} <= {*LABELS, "admin"}


def test_hostile_visitors_get_no_server_error(home):
    client = Client(raise_request_exception=False)
    assert walk_hostile(client, [address for address in addresses() if address.is_public], home) == {}


@pytest.mark.parametrize("label", LABELS)
def test_hostile_staff_get_no_server_error(home, label):
    client = signed_in(make_staff(make_province()))
    assert walk_hostile(client, of_app(label, addresses()), home) == {}


def test_hostile_administrators_get_no_server_error(home):
    client = signed_in(make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR))
    assert walk_hostile(client, of_app("admin", addresses()), home) == {}
