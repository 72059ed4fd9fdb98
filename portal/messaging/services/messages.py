"""Messages: created in the transaction of a change, sent when due, given up, sent again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.audit.services import audit_record
from portal.core import faults, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.messaging.channels import (
    ChannelDown,
    ChannelError,
    ChannelNowhere,
    ChannelRefused,
    mail_send,
    sms_backend,
)
from portal.messaging.choices import OPEN_AREAS, Channel, MessageState, area_of, quiet_until
from portal.messaging.models import ChannelChoice, Mailbox, Message
from portal.messaging.services.holding import outbox_held
from portal.messaging.texts import sms_templates
from portal.web.links import absolute

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from django.db.models import Model, QuerySet

    from portal.members.models import Member

    Recipient = tuple[Member, Mapping[str, object]]

logger = logging.getLogger(__name__)

# The kind under which a provider's failure is counted.
FAULTS: dict[str, str] = {Channel.SMS: faults.SMS, Channel.EMAIL: faults.EMAIL}
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def message_post(*, kind: str, to: Member, context: Mapping[str, object] | None = None, **more: Any) -> list[Message]:
    """Create one message for each channel to ``to`` in the caller's transaction and return them.

    ``more`` is as in messages_post.
    """
    return messages_post(kind=kind, recipients=[(to, context or {})], **more)


def messages_post(
    *,
    kind: str,
    recipients: Iterable[Recipient],
    about: Model | None = None,
    url: str = "",
    channels: Collection[str] = (Channel.IN_APP,),
    urgent: bool = False,
    always: bool = False,
    address: str | None = None,
) -> list[Message]:
    """Create messages of one kind; ``recipients`` are pairs of member and context.

    The recipient's choice for the app decides: no text message if they refuse it, a copy by e-mail if they asked for
    one. In the portal the message always appears. A text message that is not ``urgent`` waits for the morning.
    LookupError for a text message of a kind without a template (``<app>/sms.py``): a provider would not send it.

    ``always``: the recipient's choice does not count, for changes of their own account. ``address``: an earlier number
    or e-mail address to send to instead. While the private pages of an account are closed, only news of accounts and
    notices are sent by e-mail; text messages name no person and no choice anyway.
    """
    if Channel.SMS in channels and kind not in sms_templates():
        raise LookupError(f"{kind} goes by text message and has no template in sms.py")
    recipients = list(recipients)
    refused, copied = (set(), set()) if always else _choices(kind, recipients)
    now = timezone.now()
    rows = []
    for member, context in recipients:
        wanted = [channel for channel in channels if not (channel == Channel.SMS and member.pk in refused)]
        if Channel.IN_APP in channels and member.pk in copied:
            wanted.append(Channel.EMAIL)
        if not member.opens_secrets and area_of(kind) not in OPEN_AREAS:
            wanted = [channel for channel in wanted if channel != Channel.EMAIL]
        rows += [
            Message(
                recipient=member,
                kind=kind,
                channel=channel,
                context=context,
                url=url,
                about_model=about._meta.label_lower if about is not None else "",
                about_id=about.pk if about is not None else None,
                urgent=urgent,
                pk=reserve_pks(Message)[0] if address else None,
                address=address,
                state=MessageState.DELIVERED if channel == Channel.IN_APP else MessageState.WAITING,
                delivered_at=now if channel == Channel.IN_APP else None,
                due_at=(quiet_until(now) or now) if channel == Channel.SMS and not urgent else now,
            )
            for channel in dict.fromkeys(wanted)
        ]
    return Message.objects.bulk_create(rows, batch_size=1000)


def _choices(kind: str, recipients: Iterable[Recipient]) -> tuple[set[int], set[int]]:
    """Return two sets of ids: who refuses text messages of this app, and who wants a copy by e-mail."""
    chosen = ChannelChoice.objects.filter(
        Q(channel=Channel.SMS, wanted=False)
        | Q(channel=Channel.EMAIL, wanted=True, member__mailbox__confirmed_at__isnull=False),
        area=area_of(kind),
        member__in=[member.pk for member, _context in recipients],
    ).values_list("channel", "member_id")
    refused = {member for channel, member in chosen if channel == Channel.SMS}
    return refused, {member for channel, member in chosen if channel == Channel.EMAIL}


def message_words(message: Message) -> tuple[str, str]:
    """Return the title and body of a message in the active language."""
    area, _, name = message.kind.partition(".")
    text = render_to_string(f"{area}/message_{name}.txt", {"message": message, **message.context}).strip()
    title, _, body = text.partition("\n")
    return title.strip(), body.strip()


def message_read(*, message: Message, actor: Member) -> None:
    """Record that the recipient has read the message."""
    if message.recipient_id == actor.pk and message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])


def messages_read_all(*, actor: Member) -> None:
    """Record that the actor has read all messages."""
    Message.objects.visible_to(actor).unread().update(read_at=timezone.now())


def deliver_due(*, limit: int = 200) -> int:
    """Send the messages that are due, each in its own transaction; return how many were tried.

    A crash after sending and before the commit repeats that one message, with the same idempotency key. A channel whose
    provider does not answer is skipped for the rest of this run, so that messages by other channels do not wait for it.
    """
    if outbox_held():
        return 0
    tried = 0
    silent: set[str] = set()
    while tried < limit and _deliver_one(silent):
        tried += 1
    return tried


@transaction.atomic
def _deliver_one(silent: set[str]) -> bool:
    due = Message.objects.due().exclude(channel__in=silent)
    message = due.select_for_update(skip_locked=True, of=("self",)).select_related("recipient").first()
    if message is None:
        return False
    # The stored number may be the largest of the column; one message must not block the others.
    message.attempts = min(message.attempts + 1, len(BACK_OFF) + 1)
    try:
        with translation.override(message.recipient.language or settings.LANGUAGE_CODE), transaction.atomic():
            _send(message)
    except ChannelError as error:
        if isinstance(error, ChannelDown):
            silent.add(message.channel)
        if not isinstance(error, (ChannelNowhere, ChannelRefused)):
            faults.note(FAULTS[message.channel])
        _delay(message, str(error), over=isinstance(error, ChannelRefused))
    except Exception as error:
        # One message that cannot be rendered or sent must not block the others; the error text may name the person.
        logger.error("message %s of kind %s failed: %s", message.pk, message.kind, type(error).__name__)
        _delay(message, type(error).__name__)
    else:
        message.state = MessageState.DELIVERED
        message.delivered_at = timezone.now()
        message.error = ""
    if message.state != MessageState.WAITING:
        message.address = None
    message.save(update_fields=["attempts", "state", "delivered_at", "due_at", "error", "address"])
    return True


def _send(message: Message) -> None:
    if message.channel == Channel.SMS:
        template = sms_templates().get(message.kind)
        more = template.more(message) if template and template.more else {}
        number = message.address or message.recipient.sms_number()
        sms_backend().send(number, message.kind, {**message.context, **more}, message.key)
        return
    title, body = message_words(message)
    box = Mailbox.objects.filter(member_id=message.recipient_id, confirmed_at__isnull=False).first()
    address = message.address or (box.address if box else "")
    if not address:
        raise ChannelNowhere("no address")
    link = absolute(message.url) if message.url else ""
    mail_send(
        EmailMessage(
            subject=title,
            body="\n\n".join(part for part in (body, link) if part),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[address],
            headers={"Message-ID": f"<{message.key}@{settings.MAIL_DOMAIN}>"},
        )
    )


def _delay(message: Message, reason: str, *, over: bool = False) -> None:
    message.error = reason[:200]
    if over or message.attempts > len(BACK_OFF):
        message.state = MessageState.DEAD
    else:
        message.due_at = timezone.now() + BACK_OFF[message.attempts - 1]


@transaction.atomic
def messages_retry(*, messages: QuerySet[Message], actor: Member) -> int:
    """Queue given-up messages again, with their attempts reset; return their number."""
    dead = [row for row in locks.hold_all(messages) if row.state == MessageState.DEAD]
    if not dead:
        raise DomainError(_("None of these messages is still in the state “Sending failed”."), code="not-dead")
    for row in dead:
        row.state, row.attempts, row.due_at = MessageState.WAITING, 0, timezone.now()
    Message.objects.bulk_update(dead, ["state", "attempts", "due_at"], batch_size=500)
    audit_record(actor=actor, action="message.retry", data={"ids": [row.pk for row in dead], "count": len(dead)})
    return len(dead)
