"""95th percentiles of pages at the size of a province and of the demo, at every level of duty."""

import gc
import math
import statistics
import time
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

from benchmarks.pages import FIGURES
from benchmarks.province import PROVINCE, province
from portal.core.roles import Role
from portal.members.models import Duty
from portal.organizations.choices import OrganizationKind
from portal.statistics.models import Recount
from portal.statistics.services.recounting import recount
from tests.factories.members import sign_in
from tests.layout.addresses import addresses

FEW, TIMES = 5, 20
BOUND_MS, FACTOR = 150, 1.5


def measure():
    """Return title, head and rows of the table of pages that may take longer than the bound.

    A page is within the bound when none of a few requests takes longer, whatever the time in the demo. The other pages
    are requested more often, here and in the demo.
    """
    settings.ALLOWED_HOSTS = ["testserver"]
    # As a web process does at its start (portal/wsgi.py).
    gc.collect()
    gc.freeze()
    with province():
        if not Recount.objects.exists():
            recount()
        large = _pages()
    slow = {key: milliseconds for key, milliseconds in large.items() if milliseconds > BOUND_MS}
    small = _pages(only=slow)
    found = []
    for key, milliseconds in slow.items():
        demo = small.get(key, math.nan)
        found.append((not milliseconds <= max(FACTOR * demo, BOUND_MS), milliseconds, demo, *key))
    found.sort(reverse=True)
    rows = [
        (kind, page, f"{demo:.0f}", f"{big:.0f}", f"{big / demo:.1f}", "over" if is_over else "")
        for is_over, big, demo, kind, page in found
    ]
    title = (
        f"95th percentile of {TIMES} requests at {PROVINCE.organizations:,} organisations, "
        f"{PROVINCE.members:,} members and {PROVINCE.rows:,} rows: "
        f"{len(large)} pages, {len(slow)} above {BOUND_MS} ms, "
        f"{sum(row[0] for row in found)} above {FACTOR} x demo as well"
    )
    return title, ("chair of", "page", "demo ms", "province ms", "ratio", ""), rows


def _pages(only=None):
    """Return {(kind of organisation, page): milliseconds} of pages without arguments and of figures.

    A page that fails, for example at the statement timeout, counts as infinite. ``only`` names the pages to request.
    """
    found = {}
    for kind in OrganizationKind:
        duties = Duty.objects.current().filter(role=Role.CHAIR, organization__kind=kind)
        duty = duties.select_related("member", "organization").order_by("pk").first()
        if duty is None:
            continue
        client = sign_in(Client(raise_request_exception=False), duty.member)
        pages = {address.path(): address.path() for address in addresses() if _is_page(address)}
        for name, asked in FIGURES:
            page = reverse(f"statistics:{name}")
            pages[f"{page} {asked}"] = f"{page}?{urlencode({'node': duty.organization_id, **asked})}"
        for name, path in pages.items():
            key = (str(kind), name)
            if only is None or key in only:
                milliseconds = _of_page(client, path)
                if milliseconds is not None:
                    found[key] = milliseconds
    return found


def _of_page(client, path):
    """Return the milliseconds of a page, or None if it is not a page for this member."""
    response = client.get(path)
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return None
    if response.status_code >= 500:
        return math.inf
    if response.status_code != 200:
        return None
    few = [_timed(client, path) for _ in range(FEW)]
    if max(few) <= BOUND_MS:
        return max(few)
    return statistics.quantiles([*few, *(_timed(client, path) for _ in range(TIMES - FEW))], n=20)[-1]


def _is_page(address):
    return not address.arguments and not address.is_admin


def _timed(client, path):
    begun = time.perf_counter()
    client.get(path)
    return (time.perf_counter() - begun) * 1000
