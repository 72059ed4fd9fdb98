"""Settings of the timing drill.

Passwords cost a fifth of what they cost in production; client addresses come from a header.
"""

import os

from portal.settings.test import *  # noqa: F403

PASSWORD_HASHERS = ["tests.drills.hashers.FifthHasher"]
TRUSTED_PROXIES = 1
if os.environ.get("DRILL_LEAK"):
    AUTHENTICATION_BACKENDS = ["tests.drills.leaky.LeakyBackend"]
