"""A world full of words and numbers with limited readers, and the crawl of all its pages."""

import contextlib
import inspect
import io
import logging
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.test.client import FakePayload
from django.utils import timezone

from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.core.services import heartbeat_note
from portal.exchange.models import ExportRun
from portal.exchange.services.exports import export_download, export_request, export_write
from portal.members.models import Member
from portal.messaging.services.jobs import job_run
from portal.organizations.choices import OrganizationKind
from portal.web.views import ActionView, FormPageView
from tests.access.world import build, client_of, lasting, methods_of
from tests.areas import Home, modules
from tests.brief import BRIEF, REFUSALS
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.layout.addresses import addresses

# The texts and numbers of each area that not everyone may read.
AREAS = modules("canaries")
# Lists, each with a search for the beginning of a text that not everyone may read.
SEARCHES = (
    ("members:member-list", {"unit": "示例"}),
    ("audit:entry-list", {"kind": "matchmaking.introduction"}),
    *(search for module in AREAS.values() for search in module.SEARCHES),
)
STAFF = ("unit", "county", "city", "beside", "province")
MEMBERS = tuple(name for module in AREAS.values() for name in module.READERS)
ADMINISTRATORS = ("system", "security", "audit")
READERS = (*MEMBERS, *STAFF, *ADMINISTRATORS)
FIGURES = {"statistics:explorer", "statistics:figure-rows", "statistics:figure-export", "statistics:dashboard"}
WALKED = re.compile(
    rf"home|({'|'.join(AREAS)}|members|statistics|audit|exchange|notices|messaging):"
    rf"|admin:(index|app_list|autocomplete|({'|'.join(AREAS)}|members|audit|messaging|statistics)_\w+_"
    r"(change|changelist|history|find))"
)
# Addresses without a page of their own: signing in and out, and the pages for the reader's own authenticator key.
LEFT_OUT = {"members:sign-out", "members:authenticator-qr", "members:authenticator-setup"}


@dataclass(frozen=True)
class Page:
    """The answer to one reader.

    ``words`` is the text of the page or, for a file, the text inside the file.
    """

    status: int
    words: str


class World(*(module.Rows for module in AREAS.values())):
    """A county of the first city, another city beside it, and the rows of all areas in them.

    The areas add their rows with ``Rows.plant``.
    """

    def __init__(self):
        for name in ("beat", "worker"):
            heartbeat_note(name=name)
        self.root = make_province()
        self.city = make_organization(name="示例甲市总工会")
        self.county = make_organization(parent=self.city, kind=OrganizationKind.COUNTY, name="示例甲县总工会")
        self.unit = make_unit(self.county)
        self.chair = make_staff(self.county)
        self.readers = {
            "unit": make_staff(self.unit),
            "county": self.chair,
            "city": make_staff(self.city),
            "beside": make_staff(make_organization(name="示例乙市总工会")),
            "province": make_staff(self.root),
            "audit": make_staff(self.root, Role.AUDIT_ADMINISTRATOR),
            "system": make_staff(self.root, Role.SYSTEM_ADMINISTRATOR),
            "security": make_staff(self.root, Role.SECURITY_ADMINISTRATOR),
        }
        for module in AREAS.values():
            module.Rows.plant(self)
        self.clients = {name: lasting(client_of(person)) for name, person in self.readers.items()}
        self.clients["visitor"] = Client(raise_request_exception=False)
        self.home = Home(city=self.county, chair=self.chair)

    def objects(self, name):
        """Return the arguments of an address for each object of this world that it may be about.

        Returns [] where there is no such object.
        """
        for module in AREAS.values():
            for pattern, found in module.Rows.ways(self):
                if re.fullmatch(pattern, name):
                    return found
        if match := re.fullmatch(r"admin:(\w+?)_(\w+)_(change|history|delete)", name):
            model = apps.get_model(match[1], match[2])
            for module in AREAS.values():
                if pk := module.Rows.admin_rows(self).get(model._meta.label):
                    return [{"object_id": pk}]
        return []


class Walk:
    """The crawl of every page of a world by every reader.

    ``pages`` are {(reader, address, which, htmx): Page}.

    Only the status is kept for a refusal, and for a page that reads like one already drawn for another reader: a page
    that only asks before an action is drawn for the first member of staff who can open it; a row of the county is drawn
    for the county and the province, but not for the city between them; matchmaking is drawn for one of the three
    administrators.
    """

    def __init__(self, world):
        self.world = world
        self.pages, self.paths = {}, {}

    def all(self):
        """Crawl the rows of this world.

        Where the world has no row of a kind, the staff ask for a row that other tests build.
        """
        for address in asked():
            found = self.world.objects(address.name) if address.arguments else [{}]
            with undone():
                made = None if found and address.name not in FIGURES else build(address, self.world.home)
                rows = found or [made.arguments]
                query = made.query if made else {}
                for number, arguments in enumerate(rows):
                    path = address.path(**arguments) + (f"?{urlencode(query)}" if query else "")
                    self.ask_all(address, number if found else "built", path)
        return self

    def more(self):
        """Ask for the rows of figures, and search the lists for parts of what not everyone may read."""
        by_name = {address.name: address for address in asked()}
        rows = [("statistics:figure-rows", {**figure}) for figure in figures(self.world)]
        for name, query in [*rows, *SEARCHES]:
            arguments = self.world.objects(name)[1] if by_name[name].arguments else {}
            self.ask_all(by_name[name], str(query), f"{by_name[name].path(**arguments)}?{urlencode(query)}")
        return self

    def ask_all(self, address, which, path):
        opened = set()
        for reader, client in self.world.clients.items():
            # The matrix tests what is not requested here: that a visitor is sent to the sign-in, and who may open the
            # admin.
            if reader not in who_asks(address, which):
                continue
            alike = drawn_alike(address, reader, opened)
            key = (reader, address.name, which, False)
            page = get(client, path, brief=True if alike else REFUSALS)
            if page.status == 200:
                opened.add(reader)
            self.pages[key], self.paths[key] = page, path
            if page.status == 200 and not alike and answers_apart(address.view_class):
                self.pages[*key[:3], True] = get(client, path, htmx=True)

    def again(self, names, readers):
        """Ask ``readers`` once more for the plain pages of this world's rows.

        Returns what they read now, by key.
        """
        now, actions = {}, {address.name for address in asked() if is_action(address)}
        for key, path in self.paths.items():
            reader, name, which, _htmx = key
            page = self.pages[key]
            drawn = which != "built" and page.status == 200 and page.words and name not in actions
            if drawn and reader in readers and re.match(names, name):
                now[key] = get(self.world.clients[reader], path)
        return now


def asked():
    """Return the addresses of the crawl.

    These are all addresses about people and matchmaking, and the admin's pages of rows.
    """
    walked = [address for address in addresses() if WALKED.match(address.name) and address.name not in LEFT_OUT]
    return [address for address in walked if "GET" in methods_of(address)]


def who_asks(address, which):
    """Return the readers who are to request an address.

    For all others the answer is a refusal that the matrix already tests, or a row of a stranger.
    """
    if address.is_admin:
        return ADMINISTRATORS
    readers = ("county", "beside") if which == "built" else READERS
    return (*readers, "visitor") if address.is_public else readers


def is_action(address):
    """Return whether a page asks before an action.

    Such a page shows no more of the row than its name.
    """
    return address.view_class is not None and issubclass(address.view_class, (ActionView, FormPageView))


def drawn_alike(address, reader, opened):
    """Return whether ``reader`` reads the same on the page as an earlier reader.

    ``opened`` are the readers who have opened the page before.
    """
    if reader in ("security", "audit"):
        return address.name.partition(":")[0] in {*AREAS, "notices"}
    if reader == "city" and address.arguments and "county" in opened:
        return True
    return reader in STAFF and is_action(address) and not opened.isdisjoint(STAFF)


@cache
def answers_apart(view):
    """Return whether a view answers htmx differently, with a part of its page."""
    roots = {"portal", *AREAS}
    ours = [cls for cls in getattr(view, "__mro__", ()) if cls.__module__.partition(".")[0] in roots]
    return any("request.htmx" in source_of(cls) for cls in ours)


@cache
def source_of(cls):
    """Return the source of a class, or "" of one made by an Action, whose behaviour is in its bases."""
    with contextlib.suppress(OSError):
        return inspect.getsource(cls)
    return ""


def figures(world):
    """Return the queries for the pages of figures: rows of each kind, at each level."""
    year = timezone.localdate().year
    codes = ("MM01", "MM02", "MM03p")
    places = (world.city, world.county)
    return [{"code": code, "node": place.pk, "period": year} for code in codes for place in places]


@contextlib.contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def get(client, path, *, htmx=False, brief=REFUSALS):
    """Return the Page; what the request writes is rolled back.

    The request goes to the handler directly, because the test client would copy the context of every template.
    """
    where, _mark, query = path.partition("?")
    environ = client._base_environ(
        PATH_INFO=where,
        QUERY_STRING=query,
        REQUEST_METHOD="GET",
        **{BRIEF: brief, **({"HTTP_HX_REQUEST": "true"} if htmx else {})},
    )
    environ["wsgi.input"] = FakePayload()
    with undone():
        response = client.handler(environ)
        return Page(response.status_code, text_of(response))


def text_of(response):
    """Return the text of a page or of the file it returns, and the address it redirects to."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return unpacked(content) + response.headers.get("Location", "")


def unpacked(content):
    """Return the text of a file; for a workbook or a letter, the text of its parts."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b" ".join(parts.read(name) for name in parts.namelist())
    words = content.decode(errors="replace")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), words) if "\\u" in words else words


# What differs from one page to the next for any reader: tokens, times, how many entries wait for a seal.
PASSING = re.compile(
    r"<time.*?</time>|/messages/\d+/|[A-Za-z0-9+/=_-]{22,}|\d+ 条记录等待下次封存"
    r"|\d\d:\d\d(:\d\d)?|\d+(\.\d+)? ?(秒|毫秒|分钟)"
)


def lasting_words(words):
    """Return ``words`` without the parts that differ from one page to the next."""
    return PASSING.sub("-", words)


class Lines(logging.Handler):
    """Log handler that keeps each line as it was logged, before anything is masked."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.getMessage()} {record.__dict__.get('path', '')} {record.exc_text or ''}")
        if record.exc_info:
            self.lines.append(logging.Formatter().formatException(record.exc_info))


@contextlib.contextmanager
def logged():
    """Collect what is logged within the context; otherwise the access tests log nothing."""
    handler, root = Lines(), logging.getLogger()
    before = root.manager.disable
    logging.disable(logging.NOTSET)
    root.handlers.insert(0, handler)
    try:
        yield handler.lines
    finally:
        root.handlers.remove(handler)
        logging.disable(before)


def files_of(world, walk):
    """Yield (reader, address, text) of every list that a reader of the staff may export.

    For the city the list is also exported as .xlsx.
    """
    opened = {address.name for address in asked() if getattr(address.view_class, "export_columns", None)}
    for key, path in walk.paths.items():
        reader, name, which, _htmx = key
        if name not in opened or which == "built" or reader not in STAFF or walk.pages[key].status != 200:
            continue
        actor = Member.objects.get(pk=world.readers[reader].pk)
        for file_format in ("csv", "xlsx") if reader == "city" else ("csv",):
            with undone(), contextlib.suppress(DomainError, Http404, PermissionDenied):
                yield reader, name, _file(actor, path, file_format)


def _file(actor, path, file_format):
    run = export_request(actor=actor, address=path, here=None, file_format=file_format, reason="年报")
    job_run(job_id=run.job_id, work=export_write)
    response = export_download(run=ExportRun.objects.for_list().get(pk=run.pk), actor=actor)
    with contextlib.closing(response.file_to_stream):
        return unpacked(b"".join(response.streaming_content))
