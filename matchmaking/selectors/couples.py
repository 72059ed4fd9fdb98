"""Selectors for couples who apply for a group wedding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchmaking.choices.couples import LIVE_COUPLES, CoupleState
from matchmaking.models import Block, GroupWedding, WeddingCouple
from portal.members.models import Member

if TYPE_CHECKING:
    from matchmaking.querysets.couples import CoupleQuerySet


def couples_asking(member: Member) -> CoupleQuerySet:
    """Return applications that name ``member`` as the partner by phone number.

    Applications of people whom the member has blocked are left out.
    """
    blocked = Block.objects.filter(blocker=member).values("blocked")
    asking = WeddingCouple.objects.all().asking(member).exclude(asker__in=blocked)
    return asking.select_related("wedding__organization", "asker").order_by("pk")


def couple_of(member: Member, wedding: GroupWedding) -> WeddingCouple | None:
    """Return the member's latest application for ``wedding``, a live one first, or None."""
    own = WeddingCouple.objects.all().of(member).filter(wedding=wedding).select_related("asker", "partner")
    return own.live().order_by("-pk").first() or own.order_by("-pk").first()


def before_in_line(couple: WeddingCouple) -> int:
    """Return how many couples wait before this one."""
    waiting = WeddingCouple.objects.filter(wedding=couple.wedding_id, state=CoupleState.WAITLISTED)
    return waiting.filter(place__lt=couple.place).count()


def other_name(couple: WeddingCouple, member: Member) -> str:
    """Return the name of the other person of a couple, or ''.

    It is '' until that person has confirmed, once the application has ended, and where one of the two has blocked the
    other.
    """
    if couple.state not in LIVE_COUPLES or Block.objects.between(couple.asker_id, couple.partner_id).exists():
        return ""
    other = couple.partner if couple.asker_id == member.pk else couple.asker
    return other.name if isinstance(other, Member) else ""
