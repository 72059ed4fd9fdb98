"""CPU seconds of requests at the size of a province: web process, its child processes and database.

Measured are: every page without arguments, for chairs of four levels; the pages of figures; and what is expensive by
its nature: exports of tables, look-ups, documents, a member's own data, photographs, passwords. Each request is made
three times; the largest result counts.
"""

import contextlib
import gc
import io
import itertools
import math
import os
import resource
import time
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from benchmarks.pages import FIGURES
from benchmarks.province import PROVINCE, province
from benchmarks.scale import _is_page
from portal.core.errors import DomainError
from portal.core.models import Throttle
from portal.core.roles import Role
from portal.exchange.pictures import picture_clean
from portal.members.models import Duty
from portal.members.services.passwords import password_change, password_set
from portal.members.services.sign_in import staff_password_check
from portal.organizations.choices import OrganizationKind
from portal.statistics.models import Recount
from portal.statistics.services.publishing import publish
from portal.statistics.services.recounting import recount
from tests.factories.members import sign_in
from tests.layout.addresses import addresses

BOUND, TIMES, SHOWN = 1.0, 3, 10
TICK = os.sysconf("SC_CLK_TCK")
# Years and quarters that are over, and one table for every kind of figure.
TAKEN_OUT = [
    {"code": code, "period": period} for code in ("MM01", "MM02p", "MM04", "ORG02b") for period in ("2025", "2025-Q3")
]


def measure():
    """Return title, head and rows of the table of the most expensive requests."""
    settings.ALLOWED_HOSTS = ["testserver"]
    gc.collect()
    gc.freeze()
    with province():
        if not Recount.objects.exists():
            recount()
        publish()
        found = sorted(_requests(), reverse=True)
    rows = [
        (what, f"{total:.2f}", f"{python:.2f}", f"{database:.2f}", "over" if total > BOUND else "")
        for total, python, database, what in found[:SHOWN]
    ]
    over = sum(total > BOUND for total, *_rest in found)
    title = (
        f"CPU seconds of the {SHOWN} costliest of {len(found)} requests at {PROVINCE.organizations:,} units and "
        f"{PROVINCE.members:,} members: {over} above {BOUND:.0f} s"
    )
    return title, ("request", "CPU s", "web process", "database", ""), rows


def _requests():
    """Yield (CPU s, CPU s of the web process, CPU s of the database, what) of every answered request."""
    yield from _asked("visitor", Client(), [(f"published {year}", _published(year)) for year in (2025, 2026)])
    for kind in OrganizationKind:
        duties = Duty.objects.current().filter(role=Role.CHAIR, organization__kind=kind)
        duty = duties.select_related("member", "organization").order_by("pk").first()
        if duty is None:
            continue
        client = sign_in(Client(raise_request_exception=False), duty.member)
        session = client.session
        session["code_at"] = int(time.time())
        session.save()
        pages = [(address.path(), _get(address.path())) for address in addresses() if _is_page(address)]
        yield from _asked(kind, client, [*pages, *_of_figures(duty.organization_id), *_by_nature()])
    for what, work in _alone(duty.member):
        costs = []
        for _time in range(TIMES):
            begun = _used()
            work()
            costs.append(tuple(now - before for now, before in zip(_used(), begun, strict=True)))
        python, database = max(costs, key=sum)
        yield python + database, python, database, what


def _published(year):
    return _get(f"{reverse('statistics:published')}?year={year}")


def _get(path):
    return lambda client: client.get(path)


def _post(path, **data):
    return lambda client: client.post(path, data)


def _of_figures(node):
    every = [("explorer", {"code": code, "all": "1"}) for code in ("MM01", "MM02p", "ORG02b")]
    for name, asked in (*FIGURES, *every):
        yield f"{name} {asked}", _get(f"{reverse(f'statistics:{name}')}?{urlencode({'node': node, **asked})}")
    for asked in TAKEN_OUT:
        path = f"{reverse('statistics:figure-export')}?{urlencode({'node': node, **asked})}"
        for leaves in ("inside", "outside"):
            yield f"figure-export {leaves} {asked}", _post(path, leaves=leaves)


def _by_nature():
    for term in ("示例", "示例9", "12000000123"):
        yield f"member-find {term}", _look_up(term)
    for form in ("json", "xlsx"):
        yield f"own data as {form}", _post(reverse("members:member-download"), form=form)
    yield "roster template", _get(reverse("exchange:import-template", args=["members.roster"]))


def _look_up(term):
    return lambda client: client.post(reverse("members:member-find"), {"term": term}, follow=True)


def _alone(member):
    """Yield work that a request does besides its page: a photograph, a new password, a sign-in.

    The new password is compared with five earlier ones.
    """
    out = io.BytesIO()
    Image.linear_gradient("L").resize((5000, 5000)).convert("CMYK").save(out, "JPEG", quality=50, progressive=True)
    yield "photograph of 25 million pixels, progressive", lambda: picture_clean(out.getvalue())
    words = [f"Zhuyi-Anquan-{number}" for number in range(2000, 2010)]
    member = password_set(actor=None, member=member, login_name="bench", password=words[0])
    for old, new in itertools.pairwise(words[:7]):
        password_change(member=member, current=old, password=new)
    used = iter(itertools.pairwise(words[6:]))

    def change():
        old, new = next(used)
        return password_change(member=member, current=old, password=new)

    yield "new password", change
    yield "wrong password", _refused


def _refused():
    with contextlib.suppress(DomainError):
        staff_password_check(login_name="bench", password="wrong", address="10.0.0.1")  # noqa: S106


def _asked(who, client, requests):
    """Yield the cost of each request that ``client`` gets a page or a file for."""
    for what, ask in requests:
        costs = []
        for _time in range(TIMES):
            # The hourly limits are not measured here.
            Throttle.objects.all().delete()
            begun = _used()
            response = ask(client)
            content = b"".join(response) if response.streaming else response.content
            costs.append(tuple(now - before for now, before in zip(_used(), begun, strict=True)))
        if response.status_code >= 500 and "/readyz" not in what:
            yield math.inf, math.inf, math.inf, f"{who}: {what} failed"
        elif response.status_code == 200 and content:
            python, database = max(costs, key=sum)
            yield python + database, python, database, f"{who}: {what}"


def _used():
    """Return the CPU seconds of this process with its children, and those of its database backend."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    # The 14th and 15th fields: user time and system time in ticks.
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + children.ru_utime + children.ru_stime, sum(map(int, spent)) / TICK
