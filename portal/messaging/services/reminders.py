"""The ledger of reminders: what is due and not yet in the ledger is planned, each once."""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from portal.core.discovery import declared
from portal.core.guard import left_out
from portal.core.services import steps_of
from portal.messaging.choices import Channel, ReminderState, quiet_until
from portal.messaging.models import Reminder
from portal.messaging.services.messages import message_post

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from portal.core.guard import Steps
    from portal.messaging.planning import Due, Rule

logger = logging.getLogger(__name__)

CHUNK = 100


def rules() -> list[Rule]:
    """Return the rules that apps declare in ``reminders.py``."""
    return [rule for module in declared("reminders") for rule in module.RULES]


def reminders_plan(*, now: datetime | None = None) -> int:
    """Write and send every reminder that is due and not yet in the ledger.

    Returns how many rows were written. A missed night is caught up: rules find what is due by the clock, not by the
    time of the last run. A reminder that is past its use is recorded as dropped. Ledger row and message are written in
    one transaction, so a kill loses at most the chunk in progress, which the next run plans again; nothing is sent
    twice.
    """
    now = now or timezone.now()
    written = 0
    with steps_of("messaging.remind") as steps:
        for rule in rules():
            try:
                written += _plan(rule, now, steps)
            except Exception as error:
                # The rule of one app must not stop the others; the error text may name a person.
                left_out(rule, error)
    return written


def _plan(rule: Rule, now: datetime, steps: Steps) -> int:
    found = iter(rule.find(now))
    written = 0
    while chunk := list(islice(found, CHUNK)):
        try:
            written += _write(rule, chunk, now)
        except (InterfaceError, OperationalError):
            raise
        except Exception as error:
            logger.error("reminder rule %s one by one: %s", rule.code, type(error).__name__)
            for due in chunk:
                with steps.one(due.about):
                    written += _write(rule, [due], now)
    return written


@transaction.atomic
def _write(rule: Rule, chunk: Collection[Due], now: datetime) -> int:
    with connection.cursor() as cursor:
        # Only one planner at a time for each rule: two would write the same rows, and one would be rolled back.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reminder:{rule.code}"])
    known = set(
        Reminder.objects.filter(
            rule=rule.code, about_id__in={due.about.pk for due in chunk}, due_on__in={due.due_on for due in chunk}
        ).values_list("about_model", "about_id", "due_on", "recipient_id", "channel")
    )
    written = 0
    for due in chunk:
        for channel in rule.channels:
            key = (due.about._meta.label_lower, due.about.pk, due.due_on, due.to.pk, channel)
            if key in known:
                continue
            known.add(key)
            _send(rule, due, Channel(channel), now)
            written += 1
    return written


def _send(rule: Rule, due: Due, channel: Channel, now: datetime) -> None:
    messages = []
    # A message that would be read when it is past its use is not sent: a text message that waits for the morning
    # arrives then.
    sent_at = (quiet_until(now) or now) if channel == Channel.SMS and not rule.urgent else now
    if due.until > sent_at:
        messages = message_post(
            kind=rule.kind,
            to=due.to,
            about=due.about,
            context=due.context,
            url=due.url,
            channels=(channel,),
            urgent=rule.urgent,
        )
    Reminder.objects.create(
        rule=rule.code,
        about_model=due.about._meta.label_lower,
        about_id=due.about.pk,
        due_on=due.due_on,
        recipient=due.to,
        channel=channel,
        state=ReminderState.SENT if messages else ReminderState.DROPPED,
        message=messages[0] if messages else None,
    )
