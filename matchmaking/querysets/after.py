"""Which follow-ups, weddings, nominations, publications and tickets a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from matchmaking.choices.after import (
    LIVE_COUPLES,
    OPEN_TICKETS,
    STANDING_NOMINATIONS,
    CoupleState,
    FollowUpState,
    WeddingState,
)
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from datetime import date

    from matchmaking.models import FollowUp, GroupWedding, HotlineTicket, MediaRelease, Nomination, WeddingCouple
    from portal.members.models import Member


class FollowUpQuerySet(OrgScopedQuerySet["FollowUp"]):
    """Follow-ups of the couples of an event: seen by its organisers, and by the matchmaker of one of the two."""

    area = Area.MATCHMAKING
    path_lookup = "pair__event__organization__path"

    def visible_to(self, actor: Member) -> Self:
        """Those who edit matchmaking there, and her own people's while she is the event's matchmaker."""
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
        """Annotate ``pair_number``: which of its event's pairs it is about, as ``PairQuerySet.numbered``."""
        pairs = self.model.pair.field.related_model._default_manager
        counted = pairs.filter(event=OuterRef("pair__event"), pk__lte=OuterRef("pair"))
        counted = counted.order_by().values("event").annotate(n=Count("pk")).values("n")
        return self.annotate(pair_number=Subquery(counted, output_field=IntegerField()))

    def for_list(self) -> Self:
        people = ("pair__one__matchmaker__member", "pair__two__matchmaker__member")
        return self.select_related("pair__event__organization", "done_by", *people).numbered()


class WeddingQuerySet(OrgScopedQuerySet["GroupWedding"]):
    """Group weddings by the organisation that holds them."""

    area = Area.MATCHMAKING

    def public(self) -> Self:
        """Those that members may read about."""
        return self.filter(state__in=[WeddingState.OPEN, WeddingState.CLOSED, WeddingState.HELD])

    def offered_to(self, member: Member) -> Self:
        """Those that members may read about, held by her own unit or by an organisation above it."""
        if member.organization is None:
            return self.none()
        mine = self.public().annotate(_unit=Value(member.organization.path))
        return mine.filter(_unit__startswith=F("organization__path"))

    def for_list(self) -> Self:
        return self.select_related("organization")


class CoupleQuerySet(OrgScopedQuerySet["WeddingCouple"]):
    """Couples of a wedding: seen by who holds it."""

    area = Area.MATCHMAKING
    path_lookup = "wedding__organization__path"

    def visible_to(self, actor: Member) -> Self:
        return self.reached_by(actor, Capability.EDIT)

    def of(self, member: Member) -> Self:
        """Those in which she is one of the two."""
        return self.filter(Q(asker=member) | Q(partner=member))

    def asking(self, member: Member) -> Self:
        """Those whose asker typed her number; none while her number is not confirmed."""
        if not member.phone_index or not member.phone_confirmed_at:
            return self.none()
        asked = self.filter(state=CoupleState.ASKED, partner_index=member.phone_index)
        return asked.filter(wedding__state=WeddingState.OPEN).exclude(asker=member)

    def live(self) -> Self:
        return self.filter(state__in=LIVE_COUPLES)

    def for_list(self) -> Self:
        return self.select_related("wedding", "asker__organization", "partner__organization")


class NominationQuerySet(OrgScopedQuerySet["Nomination"]):
    """Nominations by the organisation that makes them."""

    area = Area.MATCHMAKING

    def visible_to(self, actor: Member) -> Self:
        return self.reached_by(actor, Capability.EDIT)

    def of(self, member: Member) -> Self:
        """Those that are about her."""
        return self.filter(member=member)

    def open_to_taking_back(self) -> Self:
        """Those she agreed to."""
        return self.filter(state__in=STANDING_NOMINATIONS)

    def for_list(self) -> Self:
        return self.select_related("organization", "member")


class ReleaseQuerySet(OrgScopedQuerySet["MediaRelease"]):
    """Publications by the organisation that counts them."""

    area = Area.MATCHMAKING

    def for_list(self) -> Self:
        return self.select_related("organization", "event")


class TicketQuerySet(OrgScopedQuerySet["HotlineTicket"]):
    """Tickets of the hotline: seen by who edits matchmaking where the ticket lies."""

    area = Area.MATCHMAKING

    def visible_to(self, actor: Member) -> Self:
        return self.reached_by(actor, Capability.EDIT)

    def open(self) -> Self:
        """Those nobody has answered yet."""
        return self.filter(state__in=OPEN_TICKETS)

    def open_first(self) -> Self:
        """In order: those nobody has answered yet by their due day, then the rest, the latest first."""
        left = Case(When(state__in=OPEN_TICKETS, then=F("due_on")), default=Value(None))
        return self.order_by(left.asc(nulls_last=True), "-pk")

    def for_list(self) -> Self:
        return self.select_related("organization", "handler", "taken_by", "caller_unit")
