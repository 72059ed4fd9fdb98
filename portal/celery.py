"""The Celery application: workers claim what the database says is due."""

import logging
import logging.config
import os
import sys
import threading
from functools import cached_property

from celery import Celery, Task, signals
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.core.discovery import in_service
from portal.core.logs import LineFormatter
from portal.core.starting import check_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

logger = logging.getLogger("portal.process")


class AreaTask(Task):
    """A task that does nothing while its area is out of service; a job stays queued in the database."""

    def __call__(self, *args, **kwargs):
        return super().__call__(*args, **kwargs) if in_service(self.name) else None


class Portal(Celery):
    """Celery without banners, because programs read what worker and beat print."""

    task_cls = AreaTask

    @cached_property
    def Beat(self):  # noqa: N802 - Celery's name
        beat = self.subclass_with_self("celery.apps.beat:Beat")

        class Quiet(beat):
            def __init__(self, *arguments, **options):
                super().__init__(*arguments, **{**options, "quiet": True})

        return Quiet


app = Portal("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def use_the_lines_of_the_house(**kwargs):
    """Make worker and beat write log lines in the portal's format, including warnings and fatal errors."""
    logging.config.dictConfig(settings.LOGGING)
    logging.captureWarnings(True)
    sys.excepthook = lambda *error: logger.critical("ended by an error", exc_info=error)
    threading.excepthook = lambda args: logger.error(
        "a thread ended by an error", exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
    )


@signals.celeryd_init.connect
def print_no_banner(instance=None, **kwargs):
    """Make the worker log lines instead of printing a banner, a warning about its user and a farewell."""
    from celery.apps import worker

    use_the_lines_of_the_house()
    instance.quiet = True
    worker.safe_say = say


def say(text, *_streams):
    """Write a line without the log handlers.

    Celery calls this inside a signal handler, when the locks of the log handlers may be held.
    """
    record = logger.makeRecord(logger.name, logging.INFO, __file__, 0, text, (), None)
    os.write(2, f"{LineFormatter().format(record)}\n".encode())


@signals.worker_ready.connect
@signals.beat_init.connect
def tell_the_start(sender=None, signal=None, **kwargs):
    """Log which process starts, and in which version."""
    what = "beat" if signal is signals.beat_init else "worker"
    logger.info("%s of the portal %s begins", what, settings.VERSION)


@signals.worker_init.connect
@signals.beat_init.connect
def refuse_to_start(**kwargs):
    """Stop worker and beat if the database fails the checks.

    Celery logs an error in a signal handler and continues, but it lets SystemExit through.
    """
    try:
        check_database()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None
