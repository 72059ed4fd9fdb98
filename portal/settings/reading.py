"""How settings are read: variables and credentials, and settings made of more than one value."""

import json
import os
import re
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
# FIELDS are the service's names for name, identity number and phone; RESULT is the path in its answer to the result: 1,
# 2 or 3.
IDENTITY_CHECK = {
    "BACKEND": "portal.members.real_names.NullCheck",
    "URL": "",
    "KEY_ID": "",
    "KEY_SECRET": "",
    "FIELDS": ("name", "idcard", "mobile"),
    "RESULT": "data.result",
    "TIMEOUT_SECONDS": 3,
}


def variables():
    """Return the variables of the process, overridden by those of its credentials.

    systemd puts credentials (``LoadCredential=``) into a folder that only this process can read, so that no child
    process inherits them in its environment. A file ``*.env`` there holds one variable per line, written as for systemd
    and the shell; a file named like a variable holds its value.
    """
    found = dict(os.environ)
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    for path in sorted(Path(folder).iterdir()) if folder else []:
        if path.suffix == ".env":
            found |= _lines(path.read_text(encoding="utf-8"))
        elif NAME.fullmatch(path.name):
            found[path.name] = path.read_text(encoding="utf-8").rstrip("\n")
    return found


def environment():
    """Return the reader of variables for settings.

    Without credentials it reads the environment of the process itself.
    """
    found = environ.Env()
    if os.environ.get("CREDENTIALS_DIRECTORY"):
        found.ENVIRON = variables()
    return found


def _lines(text):
    found = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and NAME.fullmatch(name):
            value = value.strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[name] = value[1:-1] if quoted else value
    return found


def identity_check(environment, service):
    """Return the settings of THREE_ELEMENTS or REAL_NAME from the environment, with defaults for the rest."""
    found = {f"{service}_{name}": value for name, value in IDENTITY_CHECK.items()}
    for name in ("BACKEND", "URL", "KEY_ID", "KEY_SECRET", "RESULT"):
        found[f"{service}_{name}"] = environment.str(f"PORTAL_{service}_{name}", "") or found[f"{service}_{name}"]
    if fields := environment.str(f"PORTAL_{service}_FIELDS", ""):
        found[f"{service}_FIELDS"] = tuple(field.strip() for field in fields.split(","))
        if len(found[f"{service}_FIELDS"]) != len(IDENTITY_CHECK["FIELDS"]):
            raise ImproperlyConfigured(f"PORTAL_{service}_FIELDS must name three fields.")
    return found


def json_of(environment, name):
    """Return a JSON object from a variable: its text, or the path of a file; {} when it is not set."""
    value = environment.str(name, "").strip()
    try:
        text = value if value.startswith("{") or not value else Path(value).read_text(encoding="utf-8")
        found = json.loads(text or "{}")
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is no JSON object and no file with one: {type(error).__name__}.") from None
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} must hold a JSON object.")
    return found
