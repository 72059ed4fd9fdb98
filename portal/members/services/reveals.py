"""Showing one masked field to one person for a reason, never without an audit entry."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError, TooMany
from portal.core.logs import scrub
from portal.core.roles import Role
from portal.members.choices import RevealReason
from portal.members.models import Duty, Member
from portal.messaging.services.messages import message_post

if TYPE_CHECKING:
    from portal.organizations.models import Organization

FIELDS = ("phone", "identity_number", "birth_date")
HOUR = timedelta(hours=1)
TOO_MANY = _(
    "You have viewed %(count)s masked entries within the hour. You can view more later; the security "
    "administrators have been notified."
)


def field_reveal(*, actor: Member, member: Member, field: str, reason: str, note: str, address: str = "") -> str:
    """Return one masked field of ``member`` after recording in the audit that ``actor`` looked, and why.

    The entry is written in the transaction that reads the value: without it nothing is returned. At most
    ``REVEALS_PER_HOUR`` are allowed per hour and actor; past them there is TooMany, an audit entry, and one message to
    the security administrators. Text in ``note`` that looks like a personal number is removed.
    """
    if field not in FIELDS:
        raise DomainError(_("This field is not masked."), code="not-masked")
    if reason not in RevealReason.values or len(note.strip()) < 2:
        raise DomainError(_("Explain briefly why you need to see it."), code="reason")
    with transaction.atomic():
        locks.hold(actor)
        if _recent(actor, "member.reveal") >= settings.REVEALS_PER_HOUR:
            _alarm(actor, member, address)
            value = None
        else:
            value = getattr(Member.objects.get(pk=member.pk), field) or ""
            audit_record(
                actor=actor,
                action="member.reveal",
                about=member,
                fields=[field],
                data={"reason": str(reason), "address": address, "shown": bool(value)},
                note=scrub(note.strip()),
            )
    if value is None:
        raise TooMany(TOO_MANY % {"count": settings.REVEALS_PER_HOUR}, code="too-many")
    return value


def _recent(actor: Member, action: str) -> int:
    return AuditEntry.objects.filter(actor=actor, action=action, at__gt=timezone.now() - HOUR).count()


def _alarm(actor: Member, member: Member, address: str) -> None:
    """Record the refusal in the audit, and tell the security administrators once an hour."""
    told = _recent(actor, "member.reveal_refused")
    audit_record(actor=actor, action="member.reveal_refused", about=member, data={"address": address})
    if told:
        return
    for administrator in security_administrators(member.organization):
        message_post(kind="members.reveal_limit", to=administrator, about=actor, context={"number": actor.pk})


def security_administrators(organization: Organization | None) -> QuerySet[Member]:
    """Return the active security administrators of ``organization``, by a duty there or above.

    For a member without a unit, they are those at the root.
    """
    here = Q(organization__parent=None)
    if organization is not None:
        here = Q(organization_id__in=[*organization.ancestor_ids, organization.pk])
    held = Duty.objects.current().filter(here, role=Role.SECURITY_ADMINISTRATOR)
    return Member.objects.filter(pk__in=held.values("member_id"), is_active=True).order_by("pk")
