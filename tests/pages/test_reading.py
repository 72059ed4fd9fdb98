"""A crawl along every link: no link is dead, no page fails, and reading changes nothing."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.apps import apps
from django.db import connection

from portal.core.roles import Role
from portal.exchange.choices import FileKind
from portal.exchange.models import ImportRun
from portal.exchange.services.files import file_store
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice
from tests.factories.members import make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.layout.addresses import is_own

pytestmark = pytest.mark.django_db
PAGES = 120


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.found += [attrs[name] for name in ("href", "src", "hx-get") if attrs.get(name)]


def crawl(client, start):
    """Follow every link from ``start``; return the status of each address.

    Of addresses that differ only in the values of the query string, one is followed.
    """
    waiting, status, kinds = [start], {}, set()
    while waiting and len(status) < PAGES:
        path = waiting.pop(0)
        response = client.get(path)
        status[path] = response.status_code
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            if response.streaming:
                b"".join(response.streaming_content)
            continue
        for link in Links(response.content.decode()).found:
            target = urldefrag(urljoin(path, link)).url
            parts = urlsplit(target)
            kind = (parts.path, re.sub(r"=[^&]*", "", parts.query))
            if parts.netloc or parts.scheme or parts.path.startswith("/static/") or kind in kinds:
                continue
            kinds.add(kind)
            waiting.append(target)
    return status


def checksums():
    """Return a checksum of the rows of each of the portal's tables."""
    sums = {}
    tables = [
        model._meta.db_table for config in apps.get_app_configs() if is_own(config) for model in config.get_models()
    ]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
            sums[table] = cursor.fetchone()[0]
    return sums


@pytest.fixture
def city(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    city = make_organization(name="示例甲市总工会")
    unit = make_unit(city)
    cadre = make_staff(city, role=Role.CADRE, phone=phone_number(1))
    for event in (make_event(city, created_by=cadre), open_choice(make_event(city, created_by=cadre))):
        for sex in ("female", "male"):
            make_participation(event, make_single(unit, sex))
    ImportRun.objects.create(
        register="members.roster",
        organization=city,
        uploaded_by=cadre,
        state="checked_clean",
        file=file_store(actor=cadre, name="a.xlsx", chunks=[b"x"], kind=FileKind.values[0], content_type="text/plain"),
        language="zh-hans",
    )
    return city


def cadre_of(city):
    return city.duties.get().member


def single_of(city):
    return make_single(city.children.get(), phone=phone_number(2))


def administrator_of(city):
    return make_staff(city, role=Role.SYSTEM_ADMINISTRATOR)


READERS = {
    "visitor": (lambda city: None, "/", 5),
    "cadre": (cadre_of, "/", 40),
    "chair": (make_staff, "/", 20),
    "single": (single_of, "/", 6),
    "administrator": (administrator_of, "/admin/", 15),
    "auditor": (lambda city: make_staff(city, role=Role.AUDIT_ADMINISTRATOR), "/admin/", 5),
}


@pytest.mark.parametrize("reader", READERS)
def test_a_crawl_finds_no_dead_link_and_changes_nothing(client, city, reader):
    build, start, at_least = READERS[reader]
    person = build(city)
    if person is not None:
        sign_in(client, person)
    before = checksums()
    # An auditor's reading is itself recorded; how often somebody opens an expensive page is counted.
    own = {"core_throttle"} | ({"audit_auditentry"} if reader == "auditor" else set())
    status = crawl(client, start)
    assert {path: code for path, code in status.items() if code not in (200, 302)} == {}
    assert len(status) >= at_least
    after = checksums()
    assert {table for table, sum_ in before.items() if after[table] != sum_} <= own
