"""How settings are read from the environment where one variable is not one value."""

import json
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# FIELDS are what a service calls the three; RESULT is where in its answer 1, 2 or 3 stands.
IDENTITY_CHECK = {
    "BACKEND": "portal.members.real_names.NullCheck",
    "URL": "",
    "KEY_ID": "",
    "KEY_SECRET": "",
    "FIELDS": ("name", "idcard", "mobile"),
    "RESULT": "data.result",
    "TIMEOUT_SECONDS": 3,
}


def identity_check(environment, service):
    """Return the settings of THREE_ELEMENTS or REAL_NAME: what the environment names, else the defaults."""
    found = {f"{service}_{name}": value for name, value in IDENTITY_CHECK.items()}
    for name in ("BACKEND", "URL", "KEY_ID", "KEY_SECRET", "RESULT"):
        found[f"{service}_{name}"] = environment.str(f"PORTAL_{service}_{name}", "") or found[f"{service}_{name}"]
    if fields := environment.str(f"PORTAL_{service}_FIELDS", ""):
        found[f"{service}_FIELDS"] = tuple(field.strip() for field in fields.split(","))
        if len(found[f"{service}_FIELDS"]) != len(IDENTITY_CHECK["FIELDS"]):
            raise ImproperlyConfigured(f"PORTAL_{service}_FIELDS must name three fields.")
    return found


def json_of(environment, name):
    """Return a JSON object from a variable: its text, or the path of a file with it; {} when it is not set."""
    value = environment.str(name, "").strip()
    try:
        text = value if value.startswith("{") or not value else Path(value).read_text(encoding="utf-8")
        found = json.loads(text or "{}")
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is no JSON object and no file with one: {type(error).__name__}.") from None
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} must hold a JSON object.")
    return found
