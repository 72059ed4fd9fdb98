"""Querysets of pairs: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from matchmaking.choices.pairs import PairState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matchmaking.models import Pair
    from portal.members.models import Consent, Member


class PairQuerySet(OrgScopedQuerySet["Pair"]):
    """Pairs, scoped by the organisation that holds the event; staff see rows without names."""

    area = Area.MATCHMAKING
    path_lookup = "event__organization__path"

    def of(self, member: Member) -> Self:
        """Pairs of which ``member`` is one."""
        hers = apps.get_model("matchmaking", "Participation").objects.filter(member=member).values("pk")
        # Two searches by index; a single condition with "or" would read every pair.
        pairs = self.model.objects.order_by()
        as_one, as_two = pairs.filter(one__in=hers), pairs.filter(two__in=hers)
        return self.filter(pk__in=as_one.values("pk").union(as_two.values("pk")))

    def numbered(self) -> Self:
        """Annotate ``number``: the position among the pairs of the event, which pages show as P03."""
        earlier = self.model.objects.filter(event=OuterRef("event"), pk__lte=OuterRef("pk"))
        counted = earlier.order_by().values("event").annotate(n=Count("pk")).values("n")
        return self.annotate(number=Subquery(counted, output_field=IntegerField()))

    def with_consents(self, consents: Mapping[str, QuerySet[Consent]]) -> Self:
        """Annotate whether each of the two agreed to exchange contacts, and to inform the matchmaker.

        ``consents`` maps ``contact`` and ``matchmaker`` to the valid consents to that purpose.
        """
        marks = {}
        for name, standing in consents.items():
            for side in ("one", "two"):
                given = standing.filter(about_id=OuterRef("pk"), member_id=OuterRef(f"{side}__member_id"))
                marks[f"{side}_{name}"] = Exists(given)
        return self.annotate(**marks)

    def with_apart(self) -> Self:
        """Annotate ``apart``: whether one of the two has blocked the other."""
        blocks = apps.get_model("matchmaking", "Block").objects.order_by()
        one, two = OuterRef("one__member_id"), OuterRef("two__member_id")
        apart = blocks.filter(Q(blocker=one, blocked=two) | Q(blocker=two, blocked=one))
        return self.annotate(apart=Exists(apart))

    def not_apart(self) -> Self:
        """Pairs in which neither has blocked the other."""
        return self.with_apart().filter(apart=False)

    def standing_between(self, one: int, two: int) -> Self:
        """Pairs of the two sign-ups that still allow each to see the other's card."""
        rows = self.filter(one_id=min(one, two), two_id=max(one, two)).exclude(state=PairState.ENDED)
        gone = Q(one__state=SignUpState.LEFT) | Q(two__state=SignUpState.LEFT)
        return rows.exclude(gone).not_apart()

    def for_list(self) -> Self:
        return self.select_related("one__member", "two__member", "event")
