"""Property 48: the portal does not start without each of its secrets.

No variable makes production reveal internal details.
"""

import os
import subprocess
import sys

import pytest

from tests.databases import ROOT

CHECK = {
    line.partition("=")[0]: line.partition("=")[2]
    for line in (ROOT / "deploy" / "check.env").read_text(encoding="utf-8").splitlines()
    if "=" in line and not line.startswith("#")
}
NEEDED = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "PORTAL_FIELD_KEYS",
    "PORTAL_INDEX_KEY",
    "PORTAL_MASTER_KEY",
    "PORTAL_KEY_DIR",
    "PORTAL_STORAGE_DIR",
    "PORTAL_STATIC_DIR",
    "ALLOWED_HOSTS",
    "PORTAL_SITE_URL",
)
# Values that are present but cannot be right.
MALFORMED = [
    ("SECRET_KEY", "short"),
    ("PORTAL_FIELD_KEYS", "k1"),
    ("PORTAL_FIELD_KEYS", "k1:00"),
    ("PORTAL_INDEX_KEY", "00" * 16),
    ("PORTAL_MASTER_KEY", "x" * 64),
    ("PORTAL_BACKUP_HOURS", "0"),
]


def start(changes, code="import portal.wsgi"):
    """Start the portal as production does, with some variables changed or, if None, removed."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    values = {name: value for name, value in {**CHECK, **changes}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**inherited, **values},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_it_starts_with_all_of_them():
    """The control: with all variables the portal starts, so only the removed ones can stop it below."""
    assert (start({}).returncode, set(NEEDED) - CHECK.keys()) == (0, set())


@pytest.mark.parametrize("value", [None, " "], ids=["missing", "blank"])
@pytest.mark.parametrize("name", NEEDED)
def test_it_does_not_start_without(name, value):
    result = start({name: value})
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert name in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(("name", "value"), MALFORMED)
def test_it_does_not_start_with_a_key_of_another_shape(name, value):
    result = start({name: value})
    assert result.returncode != 0
    last = result.stderr.splitlines()[-1]
    assert name in last
    assert value not in last.removeprefix("django.core.exceptions.ImproperlyConfigured: ").replace(name, "")


def test_the_owners_address_is_asked_for_where_the_owner_works():
    changes = {"PORTAL_DATABASE_ROLE": "owner", "DATABASE_OWNER_URL": None}
    assert "DATABASE_OWNER_URL" in start(changes).stderr.splitlines()[-1]


def test_no_variable_turns_debugging_on():
    names = ("DEBUG", "DJANGO_DEBUG", "PORTAL_DEBUG")
    code = "import portal.wsgi; from django.conf import settings; print(settings.DEBUG, settings.ALLOW_DEMO_PEOPLE)"
    result = start(dict.fromkeys(names, "1"), code)
    assert (result.returncode, result.stdout.split()) == (0, ["False", "False"])
