"""Erasure of a person: messages, reminders, e-mail address, channel choices and delegations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import ChannelChoice, Mailbox, Message, Reminder, TodoDelegation

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from portal.members.models import Member


def consequences(member: Member) -> list[tuple[str | Promise, int]]:
    return [(_("messages are deleted"), Message.objects.filter(recipient=member).count())]


def erase(*, member: Member, actor: Member) -> None:
    Reminder.objects.filter(recipient=member).delete()
    Message.objects.filter(recipient=member).delete()
    Mailbox.objects.filter(member=member).delete()
    ChannelChoice.objects.filter(member=member).delete()
    passed = TodoDelegation.objects.filter(Q(given_by=member) | Q(given_to=member))
    passed.standing().update(ended_at=timezone.now())
    passed.exclude(note="").update(note="")
