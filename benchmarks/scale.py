"""Pages at the size of a province beside the same pages of the demo, at every level of duty: 95th percentiles."""

import math
import os
import statistics
import time
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

from benchmarks.pages import FIGURES
from benchmarks.province import ORGANIZATIONS, ROWS, province
from portal.core.roles import Role
from portal.members.models import Duty
from portal.organizations.choices import OrganizationKind
from portal.statistics.models import Recount
from portal.statistics.services import recount
from tests.factories.members import sign_in
from tests.house.addresses import addresses

TIMES = 20
BOUND_MS, FACTOR = 150, 1.5
SHOWN = 12


def measure():
    """Return title, head and rows of the table: the slowest pages, and every page over its bound."""
    settings.ALLOWED_HOSTS = ["testserver"]
    size = int(os.environ.get("PORTAL_BENCH_ROWS", ROWS))
    small = _pages()
    with province(rows=size):
        if not Recount.objects.exists():
            recount()
        large = _pages()
    found = []
    for key in small.keys() & large.keys():
        bound = max(FACTOR * small[key], BOUND_MS)
        found.append((large[key] > bound, large[key], small[key], *key))
    found.sort(reverse=True)
    over = sum(row[0] for row in found)
    rows = [
        (kind, page, f"{demo:.0f}", f"{big:.0f}", f"{big / demo:.1f}", "over" if is_over else "")
        for is_over, big, demo, kind, page in found[: max(SHOWN, over)]
    ]
    title = (
        f"95th percentile of {TIMES} requests at {ORGANIZATIONS:,} organisations and {size:,} rows: "
        f"{len(found)} pages, {over} over max({FACTOR} x demo, {BOUND_MS} ms)"
    )
    return title, ("chair of", "page", "demo ms", "province ms", "ratio", ""), rows


def _pages():
    """Return (kind of organisation, page) -> milliseconds of every page without arguments, and of the figures.

    A page that fails, such as by the limit of time of a statement, takes for ever.
    """
    found = {}
    for kind in OrganizationKind:
        duties = Duty.objects.current().filter(role=Role.CHAIR, organization__kind=kind)
        duty = duties.select_related("member", "organization").order_by("pk").first()
        client = sign_in(Client(raise_request_exception=False), duty.member)
        pages = {address.path(): address.path() for address in addresses() if _is_page(address)}
        for name, asked in FIGURES:
            page = reverse(f"statistics:{name}")
            pages[f"{page} {asked}"] = f"{page}?{urlencode({'node': duty.organization_id, **asked})}"
        for name, path in pages.items():
            response = client.get(path)
            if response.status_code >= 500:
                found[(str(kind), name)] = math.inf
            elif response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                found[(str(kind), name)] = statistics.quantiles([_timed(client, path) for _ in range(TIMES)], n=20)[-1]
    return found


def _is_page(address):
    return not address.arguments and not address.is_admin


def _timed(client, path):
    begun = time.perf_counter()
    client.get(path)
    return (time.perf_counter() - begun) * 1000
