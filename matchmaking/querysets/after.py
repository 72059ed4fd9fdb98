"""Which follow-ups, weddings, nominations, publications and tickets a reader sees."""

from django.db.models import Q
from django.utils import timezone

from matchmaking.choices import LIVE_COUPLES, FollowUpState, WeddingState
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet


class FollowUpQuerySet(OrgScopedQuerySet):
    """Follow-ups of the couples of an event: seen by its organisers, and by the matchmaker of one of the two."""

    area = Area.MATCHMAKING
    path_lookup = "pair__event__organization__path"

    def visible_to(self, actor):
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

    def due(self):
        return self.filter(state=FollowUpState.DUE)

    def for_list(self):
        return self.select_related("pair__event__organization", "pair__one", "pair__two", "done_by")


class WeddingQuerySet(OrgScopedQuerySet):
    """Group weddings by the organisation that holds them."""

    area = Area.MATCHMAKING

    def public(self):
        """Those that members may read about."""
        return self.filter(state__in=[WeddingState.OPEN, WeddingState.CLOSED, WeddingState.HELD])

    def for_list(self):
        return self.select_related("organization")


class CoupleQuerySet(OrgScopedQuerySet):
    """Couples of a wedding: seen by who holds it."""

    area = Area.MATCHMAKING
    path_lookup = "wedding__organization__path"

    def visible_to(self, actor):
        return self.reached_by(actor, Capability.EDIT)

    def of(self, member):
        """Those in which she is one of the two."""
        return self.filter(Q(asker=member) | Q(partner=member))

    def live(self):
        return self.filter(state__in=LIVE_COUPLES)

    def for_list(self):
        return self.select_related("wedding", "asker__organization", "partner__organization")


class NominationQuerySet(OrgScopedQuerySet):
    """Nominations by the organisation that makes them."""

    area = Area.MATCHMAKING

    def visible_to(self, actor):
        return self.reached_by(actor, Capability.EDIT)

    def of(self, member):
        """Those that are about her."""
        return self.filter(member=member)

    def for_list(self):
        return self.select_related("organization", "member")


class ReleaseQuerySet(OrgScopedQuerySet):
    """Publications by the organisation that counts them."""

    area = Area.MATCHMAKING

    def for_list(self):
        return self.select_related("organization", "event")


class TicketQuerySet(OrgScopedQuerySet):
    """Tickets of the hotline: seen by who edits matchmaking where the ticket lies."""

    area = Area.MATCHMAKING

    def visible_to(self, actor):
        return self.reached_by(actor, Capability.EDIT)

    def for_list(self):
        return self.select_related("organization", "handler")
