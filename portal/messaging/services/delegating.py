"""Delegation of a to-do item to a colleague, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.models import TodoDelegation
from portal.messaging.selectors import can_open, colleagues, own_items
from portal.messaging.services.messages import message_post

if TYPE_CHECKING:
    from portal.members.models import Member


@transaction.atomic
def todo_delegate(*, actor: Member, key: str, to: Member, note: str = "") -> TodoDelegation:
    """Pass a to-do item of ``actor`` on to a colleague who can open its page; the colleague is told."""
    item = next((item for item in own_items(actor) if item.url == key), None)
    if item is None:
        raise DomainError(_("This is no longer one of your to-do items."), code="settled")
    if item.confidential:
        raise DomainError(
            _("This is confidential and cannot be passed on. Ask the level above if you cannot do it."),
            code="confidential",
        )
    if not colleagues(actor).filter(pk=to.pk).exists() or not can_open(to, key):
        raise DomainError(
            _("This person's duties do not give access to this page. Choose somebody else."), code="no-right"
        )
    try:
        with transaction.atomic():
            row = TodoDelegation.objects.create(key=key, given_by=actor, given_to=to, note=note)
    except IntegrityError:
        raise DomainError(_("You have already passed this on."), code="twice") from None
    message_post(kind="messaging.delegated", to=to, about=row, context={"note": note}, url=key)
    audit_record(actor=actor, action="todo.delegate", about=row, data={"to": to.pk})
    return row


@transaction.atomic
def todo_take_back(*, delegation: TodoDelegation, actor: Member) -> TodoDelegation:
    """Take a to-do item back: it is then only in the actor's own list."""
    held = locks.hold(delegation)
    if held.given_by_id != actor.pk or held.ended_at is not None:
        raise DomainError(_("There is nothing to withdraw."), code="ended")
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    audit_record(actor=actor, action="todo.take_back", about=held)
    return held
