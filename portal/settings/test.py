"""Tests: real servers under var/test, fixed keys, a cheap password hash."""

import os
import tempfile
from pathlib import Path

from portal.settings.base import *
from portal.settings.base import BASE_DIR, INSTALLED_APPS, databases, env, keys

if "DATABASE_URL" not in os.environ:
    env.read_env(BASE_DIR / "var" / "test" / "servers.env")

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES = databases(env)
# A query is not wrong because the machine is busy.
DATABASES["default"]["OPTIONS"]["options"] = "-c statement_timeout=60s -c lock_timeout=20s"
globals().update(keys(env))

ALLOW_DEMO_PEOPLE = True
INSTALLED_APPS = [*INSTALLED_APPS, "deploy.demo_data"]
SMS_BACKEND = "portal.messaging.channels.FileSms"
SMS_LINKS = True
THREE_ELEMENTS_BACKEND = "portal.members.real_names.DemoCheck"
SMS_DIR = env.path("PORTAL_SMS_DIR", default=str(Path(tempfile.gettempdir()) / f"portal-sms-{os.getpid()}"))()
# Tests of delivery run at any hour; tests of the quiet hours set this themselves.
QUIET_HOURS = None
TRUSTED_PROXIES = 0
SECURITY_CONTACT = "mailto:security@example.org"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
