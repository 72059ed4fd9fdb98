"""What reaches outside the portal: text messages, e-mail, checks of identity. Without a provider nothing leaves."""

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

# Channels: name -> dotted path of the backend class.
SMS_BACKEND = "portal.messaging.channels.RefusingSms"
SMS_TIMEOUT_SECONDS = 3
# Whether text messages may carry one-time links: a provider must allow them. Without, they carry a short code.
SMS_LINKS = False
# The provider's account, and its code for each template: see deploy/production.env.example.
SMS_ENDPOINT = "https://sms.tencentcloudapi.com"
SMS_REGION = "ap-guangzhou"
SMS_KEY_ID = SMS_KEY_SECRET = SMS_APP_ID = SMS_SIGNATURE = ""
SMS_TEMPLATES = {}
# The services that say whether name, identity number and phone belong together: the operators', and a union's.
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


globals().update(identity_check(_env, "THREE_ELEMENTS") | identity_check(_env, "REAL_NAME"))
# Text messages that are not urgent wait from 21:00 to 08:00.
QUIET_HOURS = (21, 8)
EMAIL_BACKEND = "portal.messaging.channels.RefusingMail"
EMAIL_TIMEOUT = 5
MAIL_DOMAIN = _env("PORTAL_MAIL_DOMAIN", default="portal.invalid")
DEFAULT_FROM_EMAIL = _env("PORTAL_MAIL_FROM", default=f"no-reply@{MAIL_DOMAIN}")
