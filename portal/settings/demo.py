"""Demo and development: the servers of ``make demo``, demo people, SMS written to a readable folder."""

import os

from portal.settings.base import *
from portal.settings.base import BASE_DIR, INSTALLED_APPS, databases, env, keys

if "DATABASE_URL" not in os.environ:
    env.read_env(BASE_DIR / "var" / "demo" / "servers.env")

DEBUG = env.bool("PORTAL_DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
DATABASES = databases(env)
globals().update(keys(env))

ALLOW_DEMO_PEOPLE = True
INSTALLED_APPS = [*INSTALLED_APPS, "deploy.demo_data"]
SMS_BACKEND = "portal.messaging.channels.FileSms"
SMS_LINKS = True
THREE_ELEMENTS_BACKEND = "portal.members.real_names.DemoCheck"
SMS_DIR = env.path("PORTAL_SMS_DIR")()
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = f"{SMS_DIR}/mail"
TRUSTED_PROXIES = 0
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016", "security.W018"]

# A visitor of the demo does not have the authenticators of its people, so the code by SMS is enough.
SECOND_FACTOR_REQUIRED = env("PORTAL_SECOND_FACTOR_REQUIRED", default="nobody")
