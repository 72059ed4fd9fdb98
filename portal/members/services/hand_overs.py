"""Handing over by name what waits for a member when their duty ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.members.models import Duty, HandOver, Member
from portal.members.selectors import holders, waiting_by_duty
from portal.messaging.selectors import can_open
from portal.messaging.services.messages import message_post, messages_post

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import QuerySet

    from portal.web.todo import Todo

# If the scheduler stood still, ended duties are caught up this far back.
LOOK_BACK = timedelta(days=2)


@transaction.atomic
def hand_over(*, actor: Member, duty: Duty, keys: Iterable[str], successor: Member) -> tuple[list[Todo], list[Todo]]:
    """Hand over what waits for the holder of ``duty`` to ``successor``; return (handed over, refused).

    Both are lists of to-do items. Only items that still wait are handed over, and only those that the successor's own
    duties open. The successor and the level above are told.
    """
    held = locks.hold(duty)
    if successor.pk == held.member_id:
        raise DomainError(_("The successor must be another person."), code="herself")
    if not successor.is_active or not successor.duties:
        raise DomainError(_("A successor must hold a duty today. Appoint them first."), code="no-duty")
    waiting = [item for item in waiting_by_duty(held) if item.url in set(keys)]
    taken = [item for item in waiting if can_open(successor, item.url)]
    if not taken:
        raise DomainError(
            _("This person's duties do not give access to these pages. Choose somebody else."), code="no-right"
        )
    open_rows = {row.key: row for row in held.hand_overs.filter(ended_at=None)}
    for item in taken:
        row = open_rows.get(item.url) or HandOver(duty=held, key=item.url)
        row.successor, row.given_by = successor, actor
        row.save()
    audit_record(actor=actor, action="duty.hand-over", about=held, data={"to": successor.pk, "count": len(taken)})
    context = {"role": held.role, "organization": held.organization.name, "count": len(taken)}
    message_post(kind="members.handed_over", to=successor, about=held, context=context, url=reverse("home"))
    _tell_above(held, "members.handed_over_above", context, but={actor.pk, successor.pk, held.member_id})
    return taken, [item for item in waiting if item not in taken]


def _tell_above(duty: Duty, kind: str, context: Mapping[str, object], but: Collection[int] = frozenset()) -> None:
    above = holders(Area.MEMBERS, Capability.APPOINT, duty.organization, but=but)
    messages_post(
        kind=kind,
        recipients=[(member, context) for member in above],
        about=duty,
        url=reverse("members:duty-hand-over", args=[duty.pk]),
    )


def hand_overs_keep_time() -> int:
    """Record what nobody took on when a duty ended, and end settled rows; return how many rows changed.

    Each duty is handled in a transaction of its own; a second run changes nothing.
    """
    today = timezone.localdate()
    ended = Duty.objects.filter(valid_until__lte=today, valid_until__gt=today - LOOK_BACK, stand_in_for=None)
    done = 0
    left = Duty.objects.filter(hand_overs__ended_at=None, hand_overs__isnull=False).distinct()
    rows = ((_note_left, ended.select_related("member", "organization")), (_end_settled, left))
    with steps_of("members.hand_overs") as steps:
        for step, duties in rows:
            for duty in duties.order_by("pk"):
                with steps.one(duty):
                    done += step(duty)
    return done


@transaction.atomic
def _note_left(duty: Duty) -> int:
    held = locks.hold(duty)
    known = set(held.hand_overs.values_list("key", flat=True))
    left = [item for item in waiting_by_duty(held) if item.url not in known]
    if left:
        HandOver.objects.bulk_create(HandOver(duty=held, key=item.url) for item in left)
        context = {"role": held.role, "organization": held.organization.name, "count": len(left)}
        _tell_above(held, "members.left_over", context, but={held.member_id})
    return len(left)


@transaction.atomic
def _end_settled(duty: Duty) -> int:
    held = locks.hold(duty)
    waiting = {item.url for item in waiting_by_duty(held)}
    return held.hand_overs.filter(ended_at=None).exclude(key__in=waiting).update(ended_at=timezone.now())


def successors(duty: Duty) -> QuerySet[Member]:
    """Return possible successors: active members with a duty today at the same organisation or above."""
    line = [*duty.organization.ancestor_ids, duty.organization_id]
    held = Duty.objects.current().filter(organization_id__in=line).values("member_id")
    return Member.objects.filter(pk__in=held, is_active=True).exclude(pk=duty.member_id).order_by("pinyin", "pk")
