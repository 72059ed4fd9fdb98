"""The Celery application: workers claim what the database says is due."""

import logging.config
import os

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def use_the_lines_of_the_house(**kwargs):
    """Give worker and beat the portal's log lines in place of Celery's."""
    logging.config.dictConfig(settings.LOGGING)
