"""Queries and milliseconds of every page without arguments at demo scale.

The pages are read as staff, as administrator and as member.
"""

import statistics
import time
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.members.backends import login_key_of_name
from portal.members.models import Member
from tests.factories.members import sign_in
from tests.layout.addresses import addresses

READERS = {"chair of the province": "sheng-zhuxi", "system administrator": "sys-admin"}
LIMITS = {"chair of the province": 15, "system administrator": 15, "member": 10}
TIMES = 5


# Pages of figures: (URL name, query parameters); ``node`` is the organisation of the reader.
FIGURES = (
    ("dashboard", {}),
    ("explorer", {"code": "MM01"}),
    ("explorer", {"code": "MM02p"}),
    ("explorer", {"code": "MM04", "by": "value"}),
    ("explorer", {"code": "ORG02b"}),
    ("figure-rows", {"code": "ORG03"}),
    ("figure-rows", {"code": "MM01"}),
    ("published", {}),
)


def figure_pages(client, node):
    """Yield (path, queries, milliseconds) of the pages of figures at an organisation.

    ``client`` is any object whose ``get(path)`` answers as Django's test client does. Works at any scale of data.
    """
    for name, asked in FIGURES:
        path = f"{reverse(f'statistics:{name}')}?{urlencode({'node': node.pk, **asked})}"
        row = _page(client, path)
        if row:
            yield (path, *row)


def measure():
    """Return title, head and rows of the table."""
    settings.ALLOWED_HOSTS = ["testserver"]
    people = {who: Member.objects.get(login_key=login_key_of_name(name)) for who, name in READERS.items()}
    people["member"] = Member.objects.filter(duty=None).exclude(activated_at=None).first()
    rows = []
    for who, person in people.items():
        if person is None:
            continue
        client = sign_in(Client(), person)
        if who == "chair of the province":
            found = figure_pages(client, person.duties[0].organization)
            rows += [(who, *row, "over" if row[1] > LIMITS[who] else "") for row in found]
        for address in addresses():
            if not address.arguments and address.is_admin == (who == "system administrator"):
                row = _page(client, address.path())
                if row:
                    rows.append((who, address.path(), *row, "over" if row[0] > LIMITS[who] else ""))
    return "Pages at the demo's scale (desk <= 15 queries, member <= 10)", ("who", "page", "queries", "ms", ""), rows


def _page(client, path):
    response = client.get(path)
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return None
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
        asked = len(queries)
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - begun)
    return asked, f"{statistics.median(times) * 1000:.0f}"
