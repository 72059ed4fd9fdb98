"""The Celery application: workers claim what the database says is due."""

import logging.config
import os

from celery import Celery, signals
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.core.starting import check_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def use_the_lines_of_the_house(**kwargs):
    """Give worker and beat the portal's log lines in place of Celery's."""
    logging.config.dictConfig(settings.LOGGING)


@signals.worker_init.connect
@signals.beat_init.connect
def refuse_to_start(**kwargs):
    """End worker and beat where the database is not one to serve.

    An error of a signal's handler Celery logs and forgets; an exit it lets through.
    """
    try:
        check_database()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None
