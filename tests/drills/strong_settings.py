"""Settings of the timing drill: passwords cost what they cost in production, and addresses come from a header."""

import os

from portal.settings.test import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
TRUSTED_PROXIES = 1
if os.environ.get("DRILL_LEAK"):
    AUTHENTICATION_BACKENDS = ["tests.drills.leaky.LeakyBackend"]
