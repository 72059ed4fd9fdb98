"""Settings of the drills that read e-mails, which are written to a folder beside the text messages."""

import os

from portal.settings.test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = f"{os.environ['PORTAL_SMS_DIR']}/mail"
