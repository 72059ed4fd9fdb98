"""Group weddings as couples and organisers read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from matchmaking.choices.after import LIVE_COUPLES, CoupleState
from matchmaking.models import Block, GroupWedding, WeddingCouple
from portal.members.models import Member

if TYPE_CHECKING:
    from matchmaking.querysets.after import CoupleQuerySet, WeddingQuerySet

ACCEPTED = Count("couples", filter=Q(couples__state=CoupleState.ACCEPTED))
WAITING = Count("couples", filter=Q(couples__state__in=[CoupleState.APPLIED, CoupleState.WAITLISTED]))


def with_couples(weddings: WeddingQuerySet) -> WeddingQuerySet:
    """Annotate weddings with ``accepted`` and ``waiting``: couples that have a place, and that wait for one."""
    return weddings.annotate(accepted=ACCEPTED, waiting=WAITING)


def couples_asking(member: Member) -> CoupleQuerySet:
    """Return applications whose asker typed her number, but for people she has blocked."""
    blocked = Block.objects.filter(blocker=member).values("blocked")
    asking = WeddingCouple.objects.all().asking(member).exclude(asker__in=blocked)
    return asking.select_related("wedding__organization", "asker").order_by("pk")


def weddings_for(member: Member) -> WeddingQuerySet:
    """Return weddings open to her, held by her unit or above, and those she has to do with, the next first."""
    own = WeddingCouple.objects.all().of(member).live().values("wedding")
    asked = WeddingCouple.objects.all().asking(member).values("wedding")
    offered = GroupWedding.objects.offered_to(member).values("pk")
    public = GroupWedding.objects.public()
    return public.filter(Q(pk__in=own) | Q(pk__in=asked) | Q(pk__in=offered)).for_list().order_by("-on", "-pk")


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
