"""Which people and duties a reader sees."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.core.roles import ROLE_TABLE


class MemberQuerySet(OrgScopedQuerySet):
    """People by the organisation they belong to."""

    area = Area.MEMBERS

    def visible_to(self, actor):
        """The people her duties reach, and herself."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        return self.filter(Q(pk__in=super().visible_to(actor).values("pk")) | Q(pk=actor.pk))

    def standing_over(self):
        """People whose unit vouched for them until a day that has passed."""
        return self.filter(standing_until__lte=timezone.localdate())

    def for_list(self):
        return self.select_related("organization")

    def holding(self, area, capability, organization, *, but=()):
        """The active people who hold ``capability`` in ``area`` at ``organization`` or above it today."""
        roles = [role for role, row in ROLE_TABLE.items() if capability in row.get(area, ())]
        today = timezone.localdate()
        held = self.filter(
            Q(duty__valid_until=None) | Q(duty__valid_until__gt=today),
            duty__valid_from__lte=today,
            duty__organization_id__in=[*organization.ancestor_ids, organization.pk],
            duty__role__in=roles,
            is_active=True,
        )
        return held.exclude(pk__in=list(but)).distinct().order_by("pk")


class DutyQuerySet(OrgScopedQuerySet):
    """Duties at the organisations she reaches in the members' area."""

    area = Area.MEMBERS

    def current(self, day=None):
        """Duties that are held on ``day``: from ``valid_from`` until before ``valid_until``."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).filter(Q(valid_until=None) | Q(valid_until__gt=day))

    def not_over(self):
        """Duties held now or later."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=timezone.localdate()))

    def ends_within(self, days):
        """Duties held now whose last day lies at most ``days`` ahead."""
        return self.current().filter(valid_until__lte=timezone.localdate() + timedelta(days=days))

    def for_list(self):
        return self.select_related("member", "organization")


class VouchingQuerySet(OrgScopedQuerySet):
    """Who asked which unit, at the organisations she reaches in the members' area."""

    area = Area.MEMBERS

    def waiting(self):
        """Those no unit has answered."""
        return self.filter(state="asked")

    def for_list(self):
        return self.select_related("organization", "member", "decided_by")


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Her own."""
        return self.filter(member=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def standing(self):
        """Given and not taken back."""
        return self.filter(withdrawn_at=None)
