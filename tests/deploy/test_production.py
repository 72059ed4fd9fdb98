"""What production is given: every variable is named in the example, and units and proxy name what exists."""

import re

import pytest

from tests.databases import ROOT

DEPLOY = ROOT / "deploy"


def names(path):
    return {line.split("=")[0] for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"[A-Z_]+=", line)}


def test_the_example_names_what_the_settings_ask_for():
    asked = names(DEPLOY / "check.env") - {"DATABASE_OWNER_URL"}
    assert asked <= names(DEPLOY / "production.env.example")


def test_the_example_holds_no_secret():
    text = (DEPLOY / "production.env.example").read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "PORTAL_FIELD_KEYS", "PORTAL_INDEX_KEY", "PORTAL_MASTER_KEY"):
        assert f"\n{name}=\n" in text


@pytest.mark.parametrize("unit", sorted(path.name for path in (DEPLOY / "systemd").glob("*.service")))
def test_units_run_as_the_portal_and_see_no_owner(unit):
    text = (DEPLOY / "systemd" / unit).read_text(encoding="utf-8")
    # The copy of the cluster is made by who keeps it: the files of PostgreSQL are nobody else's.
    user = "postgres" if unit == "portal-base.service" else "portal"
    assert f"\nUser={user}\n" in text
    assert "\nNoNewPrivileges=yes\n" in text
    assert ("owner.env" in text) == (unit == "portal-backup.service")
    for file in re.findall(r"deploy/\S+\.py", text):
        assert (ROOT / file).exists()


def test_the_proxy_drops_what_clients_forge():
    text = (DEPLOY / "nginx" / "portal.conf").read_text(encoding="utf-8")
    assert "X-Forwarded-For $remote_addr;" in text
    assert "X-Forwarded-Proto $scheme;" in text
    assert "X-Request-Id $request_id;" in text
    # A location that sets a header of its own inherits none of these.
    assert all("proxy_set_header" not in part for part in text.split("location ")[1:])
