"""Telling members of changes to their account: at once and by every known channel.

The member's own choice of channels does not apply. A change made by somebody else must not stay unseen because a text
message was switched off or goes to a new number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.core import limits
from portal.core.choices import Area, Capability
from portal.core.errors import TooMany
from portal.core.roles import Role
from portal.members.models import Duty, Member
from portal.members.selectors import holders
from portal.messaging.choices import Channel
from portal.messaging.models import Mailbox
from portal.messaging.services.messages import message_post, messages_post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model

HOUR, DAY = 3600, 24 * 3600
UNION_TOLD = 5
# How many steps one member of staff may take on one account per day; more would flood the person with messages.
STAFF_STEPS_A_DAY = 10


def account_tell(
    *,
    member: Member,
    kind: str,
    about: Model | None = None,
    context: Mapping[str, object] | None = None,
    url: str = "",
    by_phone: bool = True,
) -> None:
    """Tell ``member`` in the portal, by e-mail and by text message.

    No text message is sent where ``by_phone`` is false, because the phone may be a stranger's.
    """
    confirmed = Mailbox.objects.filter(member_id=member.pk, confirmed_at__isnull=False).exists()
    by_mail = [Channel.EMAIL] if confirmed else []
    values: dict[str, Any] = {"about": about, "context": context, "url": url, "urgent": True, "always": True}
    message_post(kind=kind, to=member, channels=(Channel.IN_APP, *by_mail), **values)
    if by_phone and member.phone and member.is_active:
        message_post(kind=kind, to=member, channels=(Channel.SMS,), **values)


def old_phone_tell(*, member: Member, phone: str, kind: str, about: Model | None) -> None:
    """Tell the earlier number of ``member`` what happened to the account."""
    if phone and phone != member.phone:
        message_post(
            kind=kind, to=member, about=about, channels=(Channel.SMS,), address=phone, urgent=True, always=True
        )


def union_tell(*, member: Member, kind: str, about: Model | None, url: str) -> None:
    """Tell the union of ``member``: the nearest members who appoint at the unit or above it."""
    unit = member.organization
    people = holders(Area.MEMBERS, Capability.APPOINT, unit, but={member.pk}) if unit is not None else []
    messages_post(
        kind=kind,
        recipients=[(person, {"number": member.pk}) for person in people[:UNION_TOLD]],
        about=about,
        url=url,
    )


def staff_step_count(*, actor: Member, member: Member) -> None:
    """Count a step of ``actor`` on the account of ``member``.

    It is a step of which the member gets a text message at any hour.
    """
    limits.take(limits.Limit("account.staff", f"{actor.pk}.{member.pk}", STAFF_STEPS_A_DAY, DAY))


def proof_alarm(*, member: Member | None = None) -> None:
    """Tell the security administrators that somebody tries to pass for another person.

    This happens once an hour for each person at most.
    """
    key = str(member.pk) if member is not None else "nobody"
    try:
        limits.consume("proof.alarm", key, limit=1, seconds=HOUR)
    except TooMany:
        return
    held = Duty.objects.current().filter(role=Role.SECURITY_ADMINISTRATOR)
    for administrator in Member.objects.filter(pk__in=held.values("member_id"), is_active=True).order_by("pk"):
        message_post(
            kind="members.proof_alarm",
            to=administrator,
            about=member,
            context={"number": member.pk if member is not None else 0},
        )
