"""Querysets of follow-ups of pairs: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.utils import timezone

from matchmaking.choices.follow_ups import FollowUpState
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from datetime import date

    from matchmaking.models import FollowUp
    from portal.members.models import Member


class FollowUpQuerySet(OrgScopedQuerySet["FollowUp"]):
    """Follow-ups of the pairs of an event, seen by its organisers and by the matchmaker of one of the two."""

    area = Area.MATCHMAKING
    path_lookup = "pair__event__organization__path"

    def visible_to(self, actor: Member) -> Self:
        """Those at events whose matchmaking ``actor`` may edit, and those of people in the actor's care.

        The latter only while the actor is a matchmaker of the event.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        today = timezone.localdate()
        side = Q()
        for name in ("one", "two"):
            side |= Q(**{f"pair__{name}__matchmaker__member": actor}) & (
                Q(**{f"pair__{name}__matchmaker__valid_until": None})
                | Q(**{f"pair__{name}__matchmaker__valid_until__gt": today})
            )
        reached = self.reached_by(actor, Capability.EDIT)
        return self.filter(Q(pk__in=reached.values("pk")) | Q(pk__in=self.filter(side).values("pk")))

    def due(self) -> Self:
        return self.filter(state=FollowUpState.DUE)

    def overdue(self, today: date) -> Self:
        return self.due().filter(due_on__lt=today)

    def numbered(self) -> Self:
        """Annotate ``pair_number``: the number of the pair in its event, as ``PairQuerySet.numbered``."""
        pairs = self.model.pair.field.related_model._default_manager
        counted = pairs.filter(event=OuterRef("pair__event"), pk__lte=OuterRef("pair"))
        counted = counted.order_by().values("event").annotate(n=Count("pk")).values("n")
        return self.annotate(pair_number=Subquery(counted, output_field=IntegerField()))

    def for_list(self) -> Self:
        people = ("pair__one__matchmaker__member", "pair__two__matchmaker__member")
        return self.select_related("pair__event__organization", "done_by", *people).numbered()
