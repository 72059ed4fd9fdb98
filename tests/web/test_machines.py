"""robots.txt, security.txt and the icon: files that machines request at well-known addresses."""

from datetime import datetime, timedelta

import pytest
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone

from portal.web import machines

pytestmark = pytest.mark.django_db


def fields(text):
    return dict(line.split(": ", 1) for line in text.strip().splitlines())


def test_finders_read_whom_to_tell(settings):
    settings.SITE_URL = "https://portal.example.org/"
    answer = Client().get("/.well-known/security.txt")
    found = fields(answer.content.decode())
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert found["Contact"] == "mailto:security@example.org"
    assert found["Canonical"] == "https://portal.example.org/.well-known/security.txt"
    assert found["Preferred-Languages"] == "zh, en"


@pytest.mark.parametrize("years", [0, 3, 30])
def test_it_never_runs_out(monkeypatch, years):
    """The date is valid even if the portal was not touched for years.

    RFC 9116 asks for less than a year ahead.
    """
    now = timezone.now() + timedelta(days=365 * years)
    monkeypatch.setattr(timezone, "now", lambda: now)
    found = fields(machines.security_txt(Client().get("/").wsgi_request).content.decode())
    expires = datetime.fromisoformat(found["Expires"])
    assert timedelta(days=88) < expires - now < timedelta(days=91)


@pytest.mark.parametrize("contact", ["", "security@example.org", "http://example.org/", "mailto:a b@c"])
def test_the_deploy_check_asks_for_a_contact(settings, contact):
    settings.SECURITY_CONTACT = contact
    assert "web.W001" in {found.id for found in run_checks(include_deployment_checks=True)}
    if not contact:
        assert Client().get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("contact", ["mailto:security@example.org", "https://example.org/security"])
def test_the_deploy_check_takes_an_address(settings, contact):
    settings.SECURITY_CONTACT = contact
    assert "web.W001" not in {found.id for found in run_checks(include_deployment_checks=True)}


def test_search_engines_find_the_public_pages_and_no_way_in():
    answer = Client().get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Disallow: /"
    assert {line for line in lines if line.startswith("Allow")} == {
        "Allow: /$",
        "Allow: /notices/",
        "Allow: /statistics/published/",
        "Allow: /static/",
    }


def test_the_icon_leads_to_a_file_that_is_there():
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/favicon.ico")
    assert finders.find("favicon.ico")
