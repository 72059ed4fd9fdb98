"""Selectors for group weddings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from matchmaking.choices.couples import CoupleState
from matchmaking.models import GroupWedding, WeddingCouple
from portal.members.models import Member

if TYPE_CHECKING:
    from matchmaking.querysets.weddings import WeddingQuerySet

ACCEPTED = Count("couples", filter=Q(couples__state=CoupleState.ACCEPTED))
WAITING = Count("couples", filter=Q(couples__state__in=[CoupleState.APPLIED, CoupleState.WAITLISTED]))


def with_couples(weddings: WeddingQuerySet) -> WeddingQuerySet:
    """Annotate weddings with ``accepted`` and ``waiting``: couples with a place, and waiting for one."""
    return weddings.annotate(accepted=ACCEPTED, waiting=WAITING)


def weddings_for(member: Member) -> WeddingQuerySet:
    """Return the weddings that concern ``member``, the latest date first.

    These are weddings held by the member's unit or above it, and those for which the member has applied or is asked.
    """
    own = WeddingCouple.objects.all().of(member).live().values("wedding")
    asked = WeddingCouple.objects.all().asking(member).values("wedding")
    offered = GroupWedding.objects.offered_to(member).values("pk")
    public = GroupWedding.objects.public()
    return public.filter(Q(pk__in=own) | Q(pk__in=asked) | Q(pk__in=offered)).for_list().order_by("-on", "-pk")
