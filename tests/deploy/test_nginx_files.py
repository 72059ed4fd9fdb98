"""Checks of the nginx files by reading them; tests/drills/test_nginx.py runs nginx with them."""

import re

import pytest
from django.conf import settings
from django.test import Client

from portal.settings.areas import LOGGED_AS
from portal.settings.limits import LOG_DAYS
from portal.web import error_pages
from tests.databases import ROOT

FOLDER = ROOT / "deploy" / "nginx"
CONF = (FOLDER / "portal.conf").read_text(encoding="utf-8")
SERVER = CONF.split("listen 443", 1)[1]


def number(pattern, text=CONF):
    return int(re.search(pattern, text)[1])


def test_what_clients_forge_is_dropped():
    assert "X-Forwarded-For $remote_addr;" in CONF
    assert "X-Forwarded-Proto $scheme;" in CONF
    assert "X-Request-Id $request_id;" in CONF
    # A location that sets a header itself inherits none of these.
    assert all("proxy_set_header" not in part for part in CONF.split("location ")[2:])


def test_ciphers_have_no_cbc_and_no_sha_1():
    ciphers = re.search(r"ssl_ciphers (\S+);", CONF)[1].split(":")
    assert [name for name in ciphers if not re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES\d+-GCM-.*|CHACHA20-.*)", name)] == []
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in CONF


def test_the_limits_fit_the_connections_of_a_worker():
    connections = number(r"worker_connections (\d+) \(portal/main.conf")
    a_link = number(r"limit_conn portal_links (\d+);")
    # A proxied request takes two connections; four addresses at their limit leave a worker more than a third.
    assert 4 * 2 * a_link < connections * 2 / 3
    assert number(r"worker_rlimit_nofile (\d+);", (FOLDER / "portal/main.conf").read_text()) >= 4 * connections
    guide = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert f"worker_connections {connections};" in guide
    assert "limit_req_status 429;" in SERVER
    assert "limit_conn_status 429;" in SERVER


def test_slow_bodies_are_cut_as_slow_headers_are():
    seconds = {name: number(rf"{name} (\d+)s;") for name in ("client_header_timeout", "client_body_timeout")}
    assert seconds == {"client_header_timeout": 10, "client_body_timeout": 10}
    assert "ngx.sleep(15 + length / 16384)" in (FOLDER / "portal/bodies.conf").read_text()


def test_only_names_with_a_digest_are_kept_for_ever():
    pattern = re.search(r'map \$uri \$portal_kept {\s+"~(\S+)" "public, max-age=31536000, immutable";', CONF)[1]
    hashed = ["/static/web/portal.0123456789ab.css", "/static/icons.0123456789ab.svg"]
    plain = ["/static/web/portal.css", "/static/vendor/tabler.min.css", "/static/a.0123456789ab/b.css"]
    assert [bool(re.search(pattern, uri)) for uri in hashed + plain] == [True, True, False, False, False]
    assert CONF.count("immutable") == 1


def test_the_administration_is_closed_unless_the_list_says_otherwise():
    lines = [line for line in (FOLDER / "portal/admin.conf").read_text().splitlines() if not line.startswith("#")]
    assert lines[-1] == "deny all;"
    assert "include /etc/nginx/portal/admin.conf;" in SERVER.split("location /admin/ {")[1].split("}")[0]
    # A glob pattern would be accepted even if no file matched.
    assert "admin*" not in CONF


def test_no_error_log_of_a_server_is_kept():
    """The error log would contain the request line and the Referer, with one-time links in them."""
    assert re.findall(r"error_log (.*);", CONF) == ["/dev/null emerg", "/dev/null emerg"]
    assert "referer" not in CONF.split("log_format")[1].split(";")[0].lower()
    assert CONF.count("access_log /var/log/nginx/portal.log portal;") == 2


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ("/notices/?page=2&next=/sign-in/invitation/x/", "/notices/"),
        ("/sign-in/", "/sign-in/"),
        ("/sign-in/?next=/me/", "/sign-in/"),
        ("/sign-in/invitation/short/", "/sign-in/..."),
        ("/messages/mailbox/confirm/eyJwayI6N30:1abc:signed/", "/messages/mailbox/confirm/..."),
        ("/matchmaking/door/Nw:1abc:signed/", "/matchmaking/door/..."),
        (f"/new/room/{'x' * 40}/?a=b", "/new/room/(long)"),
        (f"//sign-in/invitation/{'a' * 64}/", "//sign-in/invitation/(long)"),
        ("/c/K3DF79MQ2R/", "/room/…"),
        ("//C/k3df7-9mq2r", "/room/…"),
        ("/c/?code=K3DF79MQ2R", "/room/…"),
        ("/nursing_rooms/room/K3DF79MQ2R/visit/", "/room/…"),
        ("/nursing_rooms/places/7/", "/room/…"),
        ("/nursing_rooms/rooms/7/", "/nursing_rooms/rooms/7/"),
        ("/rights/help/request/?x=1", "/help/…"),
        ("/rights/leave/?from=2026-03-01", "/help/…"),
        ("/rights/cases/7/", "/help/…"),
        ("/rights/stations/", "/rights/stations/"),
    ],
)
def test_what_the_access_log_keeps_of_an_address(asked, logged):
    """Apply the map of nginx in Python: the first pattern that matches decides."""
    rules = re.findall(
        r'^    "~(.*)" "?([^";]*)"?;$', CONF.split("map $request_uri $portal_path {")[1].split("}\n")[0], re.M
    )
    matches = [(re.search(pattern.replace("(?<", "(?P<"), asked), value) for pattern, value in rules]
    names, value = next((found.groupdict(), value) for found, value in matches if found)
    assert re.sub(r"\$\{?(\w+)\}?", lambda part: names[part[1]], value) == logged


def test_nginx_and_the_portal_hide_the_same_addresses():
    hidden = re.findall(r'"~\(\?i\)\^/\+\(?([^"]*?)\)?/" "(/\w+/…)";', CONF)
    assert {shown: tuple(beginnings.split("|")) for beginnings, shown in hidden} == LOGGED_AS


def test_the_days_that_the_privacy_statement_names_are_those_of_the_files():
    folder = FOLDER.parent
    rotated = (folder / "logrotate/nginx").read_text(encoding="utf-8")
    assert re.findall(r"^\s+rotate (\d+)$", rotated, re.M) == [str(LOG_DAYS)]


def test_nginx_says_of_its_own_answers_what_the_portal_says_of_its_pages(settings, db):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 365 * 24 * 3600, True
    settings.SECURE_HSTS_PRELOAD = True
    page = Client().get("/robots.txt", secure=True)
    own = dict(re.findall(r'^add_header (\S+) "?(.*?)"? always;$', (FOLDER / "portal/headers.conf").read_text(), re.M))
    assert own == {name: page.headers[name] for name in own}
    assert {"Cross-Origin-Resource-Policy", "Strict-Transport-Security", "X-Frame-Options"} <= own.keys()


def test_the_policy_of_its_pages_is_the_portals_without_a_nonce():
    policy = re.search(r'add_header Content-Security-Policy "(.*?)" always;', CONF)[1]
    found = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert found == {
        name: [str(value) for value in values if isinstance(value, str)] for name, values in directives.items()
    }


def test_every_page_that_nginx_names_is_written():
    named = {int(status): path for status, path in re.findall(r"error_page (\d+) /portal-errors/(\S+);", CONF)}
    assert named == {status: f"{status}.$portal_language.html" for status in error_pages.PAGES}
    languages = set(re.findall(r"^\s+\S+ (zh-hans|en);$", CONF, re.M))
    assert languages == set(error_pages.LANGUAGES)
