"""Which profiles, appeals and reports a reader sees; whom a single finds."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from matchmaking.choices import AppealState, ProfileState
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet, within


class SingleProfileQuerySet(OrgScopedQuerySet):
    """Profiles by the unit of the person.

    A single who hides from her unit is not there for anybody who belongs to it or holds a duty at it: with a county
    chair and the chair of her own unit at /1/14/203/, ``visible_to`` shows her to the county chair alone. The same
    holds for every unit she named. Drafts and those who left are seen by nobody else.
    """

    area = Area.MATCHMAKING
    path_lookup = "member__organization__path"

    def own(self, member):
        """Her own profile, in whatever state."""
        return self.filter(member=member)

    def visible_to(self, actor):
        rows = super().visible_to(actor).exclude(state__in=[ProfileState.DRAFT, ProfileState.EXITED])
        return rows.hidden_away_from(actor)

    def hidden_away_from(self, reader):
        """Leave out profiles hidden from the reader's unit and from the places of her duties."""
        if not getattr(reader, "is_authenticated", False):
            return self.none()
        places = {duty.organization_id for duty in reader.duties}
        if reader.organization_id:
            places.add(reader.organization_id)
        named = self.model.hidden_from.through.objects.filter(
            singleprofile_id=OuterRef("pk"), organization_id__in=places
        )
        own_unit = Q(hidden_from_own_unit=True, member__organization_id__in=places)
        return self.exclude(own_unit & ~Q(member=reader)).exclude(Exists(named))

    def to_vet(self, actor):
        """Profiles that wait for the word of an organisation at which she approves; never her own."""
        reach = within(_paths(actor, Capability.APPROVE), "vetting_organization__path")
        if reach is None:
            return self.none()
        return self.filter(reach, state=ProfileState.UNIT_VETTING).exclude(member=actor)

    def searchable(self):
        """Profiles that may be found today: active, vouched for, and of somebody who may sign in."""
        today = timezone.localdate()
        return self.filter(
            state=ProfileState.ACTIVE,
            verified_until__gt=today,
            member__is_active=True,
            member__organization__isnull=False,
        ).filter(Q(member__standing_until=None) | Q(member__standing_until__gt=today))

    def for_list(self):
        return self.select_related("member", "member__organization", "region")


def _paths(actor, capability):
    return actor.reach(Area.MATCHMAKING, capability) if getattr(actor, "is_authenticated", False) else []


class AppealQuerySet(OrgScopedQuerySet):
    """Appeals by the organisation that judges them; never by whoever refused, nor by the person herself."""

    area = Area.MATCHMAKING

    def visible_to(self, actor):
        return self.reached_by(actor, Capability.APPROVE).exclude(profile__member=actor)

    def open_for(self, actor):
        waiting = self.visible_to(actor).filter(state=AppealState.OPEN)
        return waiting.exclude(profile__vetted_by=actor)

    def for_list(self):
        return self.select_related("profile__member__organization", "organization")


class BlockQuerySet(models.QuerySet):
    """Blocks are seen by who set them alone."""

    def visible_to(self, actor):
        return self.filter(blocker=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def between(self, one, two):
        """Blocks that keep the two apart, whoever set them."""
        return self.filter(Q(blocker=one, blocked=two) | Q(blocker=two, blocked=one))


class AbuseReportQuerySet(OrgScopedQuerySet):
    """Reports by the organisation that handles them; who is reported, or reports, never handles."""

    area = Area.MATCHMAKING

    def visible_to(self, actor):
        return self.reached_by(actor, Capability.APPROVE).exclude(about=actor).exclude(reporter=actor)

    def own(self, member):
        """What she reported herself."""
        return self.filter(reporter=member)

    def for_list(self):
        return self.select_related("organization", "event", "handler").order_by(F("due_on").asc(), "pk")
