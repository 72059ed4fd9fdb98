"""Writing, delivering and running what waits in the outbox."""

import logging
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.audit.services import audit_record
from portal.core.errors import DomainError
from portal.core.requests import request_id
from portal.messaging.channels import ChannelError, sms_backend
from portal.messaging.choices import Channel, JobState, MessageState
from portal.messaging.models import Job, Message, OutboxHold

logger = logging.getLogger(__name__)

BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
LEASE = timedelta(minutes=11)
AGAIN_AFTER = timedelta(seconds=60)
JOB_ATTEMPTS = 3


def message_post(*, kind, to, about=None, context=None, url="", channels=(Channel.IN_APP,)):
    """Write one message a channel to ``to`` in the caller's transaction; return them."""
    return messages_post(kind=kind, recipients=[(to, context or {})], about=about, url=url, channels=channels)


def messages_post(*, kind, recipients, about=None, url="", channels=(Channel.IN_APP,)):
    """Write messages of one kind to many: ``recipients`` are pairs of member and context."""
    now = timezone.now()
    rows = [
        Message(
            recipient=member,
            kind=kind,
            channel=channel,
            context=context,
            url=url,
            about_model=about._meta.label_lower if about is not None else "",
            about_id=about.pk if about is not None else None,
            state=MessageState.DELIVERED if channel == Channel.IN_APP else MessageState.WAITING,
            delivered_at=now if channel == Channel.IN_APP else None,
        )
        for member, context in recipients
        for channel in channels
    ]
    return Message.objects.bulk_create(rows, batch_size=1000)


def message_words(message):
    """Return title and body of a message in the active language."""
    room, _, name = message.kind.partition(".")
    text = render_to_string(f"{room}/message_{name}.txt", {"message": message, **message.context}).strip()
    title, _, body = text.partition("\n")
    return title.strip(), body.strip()


def message_read(*, message, actor):
    """Note that the recipient has read it."""
    if message.recipient_id == actor.pk and message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])


def messages_read_all(*, actor):
    """Note that she has read all of them."""
    Message.objects.visible_to(actor).unread().update(read_at=timezone.now())


def outbox_held():
    """Say whether this is a restored copy whose outbox nobody has opened yet."""
    return OutboxHold.objects.exists()


@transaction.atomic
def outbox_unlock():
    """Let what waits go out again; return whether it was held."""
    held = OutboxHold.objects.select_for_update().first()
    if held is None:
        return False
    audit_record(actor=None, action="outbox.unlock", about=held)
    held.delete()
    return True


def deliver_due(*, limit=200):
    """Send what is due, each in a transaction of its own; return how many were tried.

    A crash after sending and before the commit repeats that one message, with the same idempotency key.
    """
    if outbox_held():
        return 0
    tried = 0
    while tried < limit and _deliver_one():
        tried += 1
    return tried


@transaction.atomic
def _deliver_one():
    message = (
        Message.objects.due().select_for_update(skip_locked=True, of=("self",)).select_related("recipient").first()
    )
    if message is None:
        return False
    message.attempts += 1
    try:
        with translation.override(message.recipient.language or None):
            title, body = message_words(message)
        sms_backend().send(message.recipient.sms_number(), body or title, message.key)
    except ChannelError as error:
        _delay(message, str(error))
    except Exception as error:
        # One message that cannot be made or sent must not hold up the others; the words may name the person.
        logger.error("message %s of kind %s failed: %s", message.pk, message.kind, type(error).__name__)
        _delay(message, type(error).__name__)
    else:
        message.state = MessageState.DELIVERED
        message.delivered_at = timezone.now()
        message.error = ""
    message.save(update_fields=["attempts", "state", "delivered_at", "due_at", "error"])
    return True


def _delay(message, reason):
    message.error = reason[:200]
    if message.attempts > len(BACK_OFF):
        message.state = MessageState.DEAD
    else:
        message.due_at = timezone.now() + BACK_OFF[message.attempts - 1]


def job_post(*, kind, actor, about_id):
    """Write a job in the caller's transaction; beat's next tick hands it to a worker."""
    return Job.objects.create(kind=kind, actor=actor, about_id=about_id, request_id=request_id())


def jobs_dispatch():
    """Hand queued jobs, and those whose worker died, to the workers; return how many."""
    if outbox_held():
        return 0
    with transaction.atomic():
        jobs = list(Job.objects.to_dispatch(again_after=AGAIN_AFTER).select_for_update(skip_locked=True)[:100])
        now = timezone.now()
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(dispatched_at=now)
    for job in jobs:
        current_app.send_task(job.kind, args=[job.pk], headers={"request_id": job.request_id} if job.request_id else {})
    return len(jobs)


def job_progress(job, done, total):
    """Note how far a running job is, outside its transaction, and hold its lease."""
    Job.objects.using("default").filter(pk=job.pk).update(done=done, total=total, lease_until=timezone.now() + LEASE)


def job_run(*, job_id, work):
    """Claim the job and run ``work(job)``; a job that another worker holds or that is over is left alone.

    A DomainError ends it as failed with its sentence; any other exception is raised to Celery and the job tried again
    when its lease passes, three times at most. Errs towards running ``work`` again: it must be all or nothing.
    """
    job = _claim(job_id)
    if job is None:
        return
    try:
        work(job)
    except DomainError as error:
        _finish(job, JobState.FAILED, str(error))
    except Exception:
        if job.attempts >= JOB_ATTEMPTS:
            _finish(job, JobState.FAILED, "")
        else:
            Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
        raise
    else:
        _finish(job, JobState.DONE, "")


@transaction.atomic
def _claim(job_id):
    now = timezone.now()
    job = Job.objects.filter(pk=job_id).select_for_update(skip_locked=True, of=("self",)).first()
    if job is None or job.state in (JobState.DONE, JobState.FAILED):
        return None
    if job.state == JobState.RUNNING and job.lease_until and job.lease_until > now:
        return None
    if job.attempts >= JOB_ATTEMPTS:
        _finish(job, JobState.FAILED, "")
        return None
    job.state = JobState.RUNNING
    job.attempts += 1
    job.lease_until = now + LEASE
    job.save(update_fields=["state", "attempts", "lease_until"])
    return job


def _finish(job, state, error):
    Job.objects.filter(pk=job.pk).update(state=state, error=error[:300], finished_at=timezone.now(), lease_until=None)
    job.state = state
