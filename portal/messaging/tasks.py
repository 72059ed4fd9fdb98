"""Celery's door of messaging."""

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
    """Deliver what is due and hand out jobs; a crash repeats at most the one message under way."""
    from portal.core.health import WORKER
    from portal.core.services import heartbeat_note
    from portal.messaging.services.jobs import jobs_dispatch
    from portal.messaging.services.messages import deliver_due

    heartbeat_note(name=WORKER)
    jobs_dispatch()
    deliver_due()


@signals.before_task_publish.connect
def note_the_beat(sender=None, **kwargs):
    """Beat alone sends the tick, so sending it is its pulse, whether the broker takes it or not."""
    if sender == TICK:
        from portal.core.health import BEAT
        from portal.core.services import heartbeat_note

        close_old_connections()
        heartbeat_note(name=BEAT)


@signals.task_prerun.connect
def number_the_task(task=None, **kwargs):
    """Work under the number of the request that asked for the job; what nobody asked for gets one of its own.

    Lines are written of what somebody asked for: what the clock starts runs some forty times a minute.
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
    """A statement past its time is one of the findings, in a task as in a request."""
    faults.note_error(exception)


def _level(task):
    return logging.INFO if task.request.get(HEADER) else logging.DEBUG


@shared_task(name="messaging.remind")
def remind():
    """Plan what is due and not yet in the ledger; a crash leaves the rest to the next call, and nothing comes twice."""
    from portal.messaging.services.reminders import reminders_plan

    reminders_plan()
