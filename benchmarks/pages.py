"""Every page without arguments, as staff, administrator and member read it: queries and milliseconds at demo scale."""

import statistics
import time

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.members.backends import login_key_of_name
from portal.members.models import Member
from tests.factories.members import sign_in
from tests.house.addresses import addresses

READERS = {"chair of the province": "sheng-zhuxi", "system administrator": "sys-admin"}
LIMITS = {"chair of the province": 15, "system administrator": 15, "member": 10}
TIMES = 5


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
