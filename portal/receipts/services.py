"""Receipt codes given, used and closed; messages written and read.

What the applicant does is recorded without an actor, also if the applicant is signed in: neither the audit nor the
limits hold who it was.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.text import clean_prose
from portal.receipts.codes import code_hash, code_new
from portal.receipts.models import TEXT_LENGTH, ReceiptMessage, ReceiptRequest

if TYPE_CHECKING:
    from portal.members.models import Member

Row = TypeVar("Row", bound=ReceiptRequest)

# Wrong codes that one network may try in ten minutes.
TRIES, TRY_SECONDS = 5, 600
# Messages of the applicant about one request in a day.
MESSAGES_A_DAY, DAY = 30, 24 * 3600
# The same text again within this time is the same message: a second click, a page that was sent twice.
REPEATED = timedelta(minutes=2)

# One sentence for a code that was never given, one that is closed, and one that has expired.
WRONG = _("No request can be opened with this code. Please compare it with the one that you wrote down.")
SLOW = _("Too many wrong codes were entered from here. Please wait ten minutes and try again.")


def receipt_give(*, row: ReceiptRequest) -> str:
    """Set the hash of a new code on a row that is not saved yet; return the code, which is shown once."""
    if row.receipt_hash is not None:
        raise DomainError(_("This request already has a receipt code."), code="given")
    code = code_new()
    row.receipt_hash = code_hash(code)
    return code


@transaction.atomic
def request_create(*, row: ReceiptRequest, action: str, actor: Member | None = None) -> str:
    """Validate and save a new request with a receipt, write the audit entry ``action``, and return the code.

    ``actor`` is the member of staff who enters the request of somebody else, and None for the applicant.
    """
    code = receipt_give(row=row)
    row.full_clean()
    row.save(force_insert=True)
    audit_record(actor=actor, action=action, about=row)
    return code


def receipt_open(*, model: type[Row], code: str, source: str) -> Row:
    """Return the request of ``code``; DomainError with the same words for a wrong, a closed and an expired code.

    ``source`` is where the guess comes from: the network of the request, not the person. After five wrong codes TooMany
    is raised, also for a right one. Each refusal costs the same: one hash and one query for the request. Call it
    outside a transaction, because the count of wrong codes must stay. ``code`` has passed ``code_clean``, else
    ValueError.
    """
    taken = limits.take(limits.Limit("receipt.open", source, TRIES, TRY_SECONDS), message=SLOW)
    rows: Any = model._default_manager
    row: Row | None = rows.by_code(code).first()
    if row is None or not row.receipt_works(timezone.localdate()):
        raise DomainError(WRONG, code="no-request")
    with transaction.atomic():
        taken.give_back()
        row.receipt_opened_at = timezone.now()
        row.save(update_fields=["receipt_opened_at"])
        audit_record(actor=None, action="receipt.code-used", about=row)
    return row


@transaction.atomic
def receipt_note(*, row: ReceiptRequest) -> None:
    """Record that the applicant has typed the code back, so that the staff know that answers can be read."""
    held = locks.hold(row)
    if held.receipt_noted_at is None:
        held.receipt_noted_at = timezone.now()
        held.save(update_fields=["receipt_noted_at"])
        audit_record(actor=None, action="receipt.code-noted", about=held)


@transaction.atomic
def receipt_close(*, actor: Member, row: Row, reason: str) -> Row:
    """Close the code for good, for example because somebody else has seen it; there is no new one."""
    held = locks.hold(row)
    if held.receipt_hash is None:
        raise DomainError(_("This receipt code is closed already."), code="closed")
    held.receipt_hash = None
    held.save(update_fields=["receipt_hash"])
    audit_record(actor=actor, action="receipt.code-closed", about=held, note=reason)
    return held


@transaction.atomic
def message_write(*, actor: Member | None, row: ReceiptRequest, text: str, from_staff: bool) -> ReceiptMessage:
    """Add a message to a request and return it; the same text sent twice within two minutes is one message.

    ``actor`` is the author of a message of the staff. A message of the applicant stores no actor, even if one is given.
    The row of the request is locked, so that messages have one order.
    """
    author = actor if from_staff else None
    if from_staff and author is None:
        raise TypeError("a message of the staff has an author")
    text = "\n".join(map(clean_prose, text.splitlines())).strip()
    if not text:
        raise DomainError(_("Please write a message."), code="empty")
    if len(text) > TEXT_LENGTH:
        raise DomainError(_("The message is too long. Please send it in two parts."), code="too-long")
    held = locks.hold(row)
    last = held.messages.filter(from_staff=from_staff).order_by("-written_at", "-pk").first()
    if last is not None and last.author_id == getattr(author, "pk", None) and _is_repeat(last, text):
        return last
    if not from_staff:
        key = f"{held._meta.label_lower}.{held.pk}"
        limits.take(limits.Limit("receipt.message", key, MESSAGES_A_DAY, DAY))
    model: Any = held.messages.model
    (pk,) = reserve_pks(model)
    message: ReceiptMessage = model(pk=pk, request=held, from_staff=from_staff, author=author, text=text)
    message.full_clean()
    message.save(force_insert=True)
    audit_record(actor=author, action="receipt.staff-wrote" if from_staff else "receipt.applicant-wrote", about=held)
    return message


def _is_repeat(message: ReceiptMessage, text: str) -> bool:
    return bool(timezone.now() - message.written_at < REPEATED and message.text == text)


def messages_read(*, row: ReceiptRequest, by_staff: bool) -> int:
    """Mark what the other side wrote as read now; return how many messages were unread."""
    rows: Any = row.messages
    count: int = rows.unread(by_staff=by_staff).update(read_at=timezone.now())
    return count
