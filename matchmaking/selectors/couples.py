"""Reads about couples who apply for a group wedding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchmaking.choices.couples import LIVE_COUPLES, CoupleState
from matchmaking.models import Block, GroupWedding, WeddingCouple
from portal.members.models import Member

if TYPE_CHECKING:
    from matchmaking.querysets.couples import CoupleQuerySet


def couples_asking(member: Member) -> CoupleQuerySet:
    """Return applications whose asker typed her number, but for people she has blocked."""
    blocked = Block.objects.filter(blocker=member).values("blocked")
    asking = WeddingCouple.objects.all().asking(member).exclude(asker__in=blocked)
    return asking.select_related("wedding__organization", "asker").order_by("pk")


def couple_of(member: Member, wedding: GroupWedding) -> WeddingCouple | None:
    """Return her latest application at ``wedding``, one that stands first, or None."""
    own = WeddingCouple.objects.all().of(member).filter(wedding=wedding).select_related("asker", "partner")
    return own.live().order_by("-pk").first() or own.order_by("-pk").first()


def before_in_line(couple: WeddingCouple) -> int:
    """Return how many couples wait before this one."""
    waiting = WeddingCouple.objects.filter(wedding=couple.wedding_id, state=CoupleState.WAITLISTED)
    return waiting.filter(place__lt=couple.place).count()


def other_name(couple: WeddingCouple, member: Member) -> str:
    """Return the name of the other one: '' while she or he has not confirmed, once the application has ended, and
    where one has blocked the other.
    """
    if couple.state not in LIVE_COUPLES or Block.objects.between(couple.asker_id, couple.partner_id).exists():
        return ""
    other = couple.partner if couple.asker_id == member.pk else couple.asker
    return other.name if isinstance(other, Member) else ""
