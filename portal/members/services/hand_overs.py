"""Handing over by name what waits for a person when her duty ends."""

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

# A planner that stood still is caught up so far back.
LOOK_BACK = timedelta(days=2)


@transaction.atomic
def hand_over(*, actor: Member, duty: Duty, keys: Iterable[str], successor: Member) -> tuple[list[Todo], list[Todo]]:
    """Pass what waits for who holds ``duty`` on to ``successor`` by name; return (handed over, refused) as items.

    Only what still waits, and only what the successor's own duties open. She and the level above are told.
    """
    held = locks.hold(duty)
    if successor.pk == held.member_id:
        raise DomainError(_("A successor is another person."), code="herself")
    if not successor.is_active or not successor.duties:
        raise DomainError(_("A successor holds a duty today. Appoint her first."), code="no-duty")
    waiting = [item for item in waiting_by_duty(held) if item.url in set(keys)]
    taken = [item for item in waiting if can_open(successor, item.url)]
    if not taken:
        raise DomainError(_("Her duties open none of these pages. Choose somebody else."), code="no-right")
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
    """Note what nobody took when a duty ended, and end what is settled; return how many rows were written or ended.

    Each duty in a transaction of its own; run twice it does nothing twice.
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
    """Return who may be named: the active people with a duty today at the same organisation or above it."""
    line = [*duty.organization.ancestor_ids, duty.organization_id]
    held = Duty.objects.current().filter(organization_id__in=line).values("member_id")
    return Member.objects.filter(pk__in=held, is_active=True).exclude(pk=duty.member_id).order_by("pinyin", "pk")
