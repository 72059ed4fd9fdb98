"""Celery tasks of messaging."""

import logging
import time

from celery import shared_task, signals
from django.db import close_old_connections

from portal.core import faults
from portal.core.requests import clean_id, number_here

HEADER = "request_id"
TICK = "messaging.tick"

logger = logging.getLogger("portal.task")


@shared_task(name=TICK)
def tick():
    """Deliver due messages and dispatch jobs; a crash repeats at most the one message in progress."""
    from portal.core.health import WORKER
    from portal.core.services import heartbeat_note
    from portal.messaging.services.jobs import jobs_dispatch
    from portal.messaging.services.messages import deliver_due

    heartbeat_note(name=WORKER)
    jobs_dispatch()
    deliver_due()


@signals.before_task_publish.connect
def note_the_beat(sender=None, **kwargs):
    """Record the heartbeat of Celery beat, which alone sends the tick.

    It is recorded whether the broker accepts the task or not.
    """
    if sender == TICK:
        from portal.core.health import BEAT
        from portal.core.services import heartbeat_note

        close_old_connections()
        heartbeat_note(name=BEAT)


@signals.task_prerun.connect
def number_the_task(task=None, **kwargs):
    """Run the task under the id of the request that asked for it; other tasks get an id of their own.

    Only tasks that somebody asked for are logged as information: scheduled tasks run some forty times a minute.
    """
    number_here(clean_id(task.request.get(HEADER)))
    task.request.begun_at = time.monotonic()
    logger.log(_level(task), "begun", extra={"task": task.name})


@signals.task_postrun.connect
def forget_the_number(task=None, state=None, **kwargs):
    milliseconds = round((time.monotonic() - getattr(task.request, "begun_at", time.monotonic())) * 1000)
    logger.log(_level(task), "ended: %s", state, extra={"task": task.name, "ms": milliseconds})
    number_here("")
    faults.write()


@signals.task_failure.connect
def count_what_was_cut_off(exception=None, **kwargs):
    """Count a statement timeout in a task as a fault, as in a request."""
    faults.note_error(exception)


def _level(task):
    return logging.INFO if task.request.get(HEADER) else logging.DEBUG


@shared_task(name="messaging.remind")
def remind():
    """Plan reminders that are due and not yet in the ledger.

    A crash leaves the rest to the next run, and nothing is sent twice.
    """
    from portal.messaging.services.reminders import reminders_plan

    reminders_plan()
