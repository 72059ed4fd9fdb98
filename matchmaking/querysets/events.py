"""Which events, participants and pairs a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from matchmaking.choices.after import PairState
from matchmaking.choices.events import HELD_STATES, PUBLIC_STATES, EventState
from matchmaking.querysets.profiles import blocked_with, with_standing
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.signups.choices import LIVE, TOOK_PART, SignUpState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matchmaking.models import Choice, EventMatchmaker, MatchEvent, Pair, Participation
    from portal.members.models import Consent, Member


class MatchEventQuerySet(OrgScopedQuerySet["MatchEvent"]):
    """Events by the organisation that holds them."""

    area = Area.MATCHMAKING

    def public(self) -> Self:
        """Events anyone with the link may read about; restricted ones are not among them."""
        return self.filter(state__in=PUBLIC_STATES, restricted=False)

    def open_now(self) -> Self:
        """Events whose sign-up is open now, whoever may read about them."""
        now = timezone.now()
        return self.filter(state=EventState.PUBLISHED, signup_opens_at__lte=now, signup_closes_at__gt=now)

    def open_for_sign_up(self) -> Self:
        """Events of the public lists whose sign-up is open now."""
        return self.public().open_now()

    def held(self) -> Self:
        """Events that came to their reveal."""
        return self.filter(state__in=HELD_STATES)

    def readable_by(self, reader: Member) -> Self:
        """Events whose page she may open by its link: public ones, and restricted ones she is invited to or is in."""
        open_to_all = Q(state__in=PUBLIC_STATES, restricted=False)
        if not getattr(reader, "is_authenticated", False):
            return self.filter(open_to_all)
        invited = self.model.invitations.rel.related_model._default_manager.filter(event_id=OuterRef("pk")).filter(
            Q(member=reader) | (Q(unit=reader.organization_id) if reader.organization_id else Q(pk=None))
        )
        taking_part = self.model.signups.rel.related_model._default_manager.filter(
            offering_id=OuterRef("pk"), member=reader
        )
        inside = Q(state__in=PUBLIC_STATES) & (Q(Exists(invited)) | Q(Exists(taking_part)))
        return self.filter(open_to_all | inside)

    def offered_to(self, member: Member) -> Self:
        """Events held by her own unit or by an organisation above it: /1/14/ offers to /1/14/203/.

        Restricted ones are among them only for whoever is invited or takes part.
        """
        if member.organization is None:
            return self.none()
        return (
            self.readable_by(member)
            .annotate(_unit=Value(member.organization.path))
            .filter(_unit__startswith=F("organization__path"))
        )

    def for_list(self) -> Self:
        return self.select_related("organization", "series", "theme", "venue")


class ParticipationQuerySet(OrgScopedQuerySet["Participation"]):
    """Participants by the organisation that holds the event: organisers see them, their own unit does not."""

    area = Area.MATCHMAKING
    path_lookup = "offering__organization__path"

    def own(self, member: Member) -> Self:
        """Her own, those that stand."""
        return self.filter(member=member, state__in=LIVE)

    def confirmed(self) -> Self:
        return self.filter(state=SignUpState.CONFIRMED)

    def standing(self) -> Self:
        """Those who may take part in what is for singles today."""
        return with_standing(self)

    def counted(self) -> Self:
        """Those who took part in an event that is over, with those who left afterwards."""
        return self.filter(state__in=TOOK_PART)

    def agreed(self) -> Self:
        """Those who agreed to the purpose of the event as it stands now."""
        return self.filter(consent_version=F("offering__consent_version"))

    def candidates_of(self, participation: Participation) -> Self:
        """The cards she sees in the choice round: confirmed participants of the other list, by number.

        Who has not agreed anew to a changed purpose is not among them, nor who blocked her or was blocked by her, nor
        who is no longer single as the portal has it.
        """
        return (
            self.confirmed()
            .standing()
            .agreed()
            .filter(offering_id=participation.offering_id)
            .exclude(pool=participation.pool)
            .exclude(blocked_with(participation.member_id))
            .select_related("photo")
            .order_by("place")
        )

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "offering__organization", "matchmaker__member")


class EventMatchmakerQuerySet(OrgScopedQuerySet["EventMatchmaker"]):
    """Matchmakers by the organisation that holds the event."""

    area = Area.MATCHMAKING
    path_lookup = "event__organization__path"

    def of(self, member: Member) -> Self:
        """Her own assignments that hold today."""
        today = timezone.localdate()
        return self.filter(member=member, valid_from__lte=today).filter(Q(valid_until=None) | Q(valid_until__gt=today))

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "event")


class PairQuerySet(OrgScopedQuerySet["Pair"]):
    """Pairs by the organisation that holds the event; staff see rows without names."""

    area = Area.MATCHMAKING
    path_lookup = "event__organization__path"

    def of(self, member: Member) -> Self:
        """Pairs she is one of."""
        hers = apps.get_model("matchmaking", "Participation").objects.filter(member=member).values("pk")
        # Two searches by index; "one or the other" in one condition reads every pair.
        pairs = self.model.objects.order_by()
        as_one, as_two = pairs.filter(one__in=hers), pairs.filter(two__in=hers)
        return self.filter(pk__in=as_one.values("pk").union(as_two.values("pk")))

    def numbered(self) -> Self:
        """Annotate ``number``: its place among the pairs of its event, which pages show as P03."""
        earlier = self.model.objects.filter(event=OuterRef("event"), pk__lte=OuterRef("pk"))
        counted = earlier.order_by().values("event").annotate(n=Count("pk")).values("n")
        return self.annotate(number=Subquery(counted, output_field=IntegerField()))

    def with_consents(self, consents: Mapping[str, QuerySet[Consent]]) -> Self:
        """Annotate whether each of the two agreed to pass her contact on, and to let the matchmaker know.

        ``consents`` maps ``contact`` and ``matchmaker`` to the standing consents of that purpose.
        """
        marks = {}
        for name, standing in consents.items():
            for side in ("one", "two"):
                given = standing.filter(about_id=OuterRef("pk"), member_id=OuterRef(f"{side}__member_id"))
                marks[f"{side}_{name}"] = Exists(given)
        return self.annotate(**marks)

    def with_apart(self) -> Self:
        """Annotate ``apart``: one of the two has blocked the other."""
        blocks = apps.get_model("matchmaking", "Block").objects.order_by()
        one, two = OuterRef("one__member_id"), OuterRef("two__member_id")
        apart = blocks.filter(Q(blocker=one, blocked=two) | Q(blocker=two, blocked=one))
        return self.annotate(apart=Exists(apart))

    def not_apart(self) -> Self:
        """Those neither of whom has blocked the other."""
        return self.with_apart().filter(apart=False)

    def standing_between(self, one: int, two: int) -> Self:
        """Pairs of the two sign-ups by which each may see the other's card."""
        rows = self.filter(one_id=min(one, two), two_id=max(one, two)).exclude(state=PairState.ENDED)
        gone = Q(one__state=SignUpState.LEFT) | Q(two__state=SignUpState.LEFT)
        return rows.exclude(gone).not_apart()

    def for_list(self) -> Self:
        return self.select_related("one__member", "two__member", "event")


class ChoiceQuerySet(models.QuerySet["Choice"]):
    """Choices are read by their chooser alone."""

    def visible_to(self, actor: Member) -> Self:
        return self.filter(chooser__member=actor) if getattr(actor, "is_authenticated", False) else self.none()
