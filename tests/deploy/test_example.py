"""deploy/production.env.example names exactly the variables that production reads."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Imports production's settings and prints the names of the variables they read.
RECORD = """
import json, environ
asked = set()
get_value, contains = environ.Env.get_value, environ.Env.__contains__
environ.Env.get_value = lambda self, var, *args, **kwargs: asked.add(var) or get_value(self, var, *args, **kwargs)
environ.Env.__contains__ = lambda self, var: asked.add(var) or contains(self, var)
import portal.settings.production
print(json.dumps(sorted(asked)))
"""
# Code that reads the environment without the settings.
READERS = ("portal/settings/capacity.py", "portal/core/management/commands/*.py", "portal/core/backups.py")
# Set by manage.py, by systemd or by the system, never by the person who installs the portal.
OWN = {"PATH", "PGPASSWORD", "PORTAL_DATABASE_ROLE", "CREDENTIALS_DIRECTORY"}


def asked_for():
    """Return the names of the variables that production reads."""
    env = {"PATH": os.environ["PATH"]}
    for line in (ROOT / "deploy/check.env").read_text().splitlines():
        name, sign, value = line.partition("=")
        if sign and not name.startswith("#"):
            env[name] = value
    done = subprocess.run([sys.executable, "-c", RECORD], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    found = set(json.loads(done.stdout))
    for path in (path for pattern in READERS for path in ROOT.glob(pattern)):
        found |= set(re.findall(r"""(?:environ(?:\.get)?|asked|env)[(\[]\s*"([A-Z_]+)\"""", path.read_text()))
    return found - OWN


def example():
    """Return the names that the example sets, including those that are commented out."""
    text = (ROOT / "deploy/production.env.example").read_text()
    return set(re.findall(r"^(?:# ?)?([A-Z][A-Z_]+)=", text, re.MULTILINE))


def test_the_example_and_the_settings_name_the_same_variables():
    asked, named = asked_for(), example()
    assert {
        "SECRET_KEY",
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "PORTAL_EMAIL_URL",
        "PORTAL_THREE_ELEMENTS_URL",
    } <= asked
    assert named - asked == {"DJANGO_SETTINGS_MODULE"}
    assert asked - named == set()
