"""Which volunteers, cases and introductions a reader sees."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from matchmaking.choices import LIVE_INTRODUCTIONS, VolunteerState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet


class VolunteerQuerySet(OrgScopedQuerySet):
    """Volunteers by the organisation they help."""

    area = Area.MATCHMAKING

    def current(self):
        """Those who help today."""
        today = timezone.localdate()
        in_time = Q(valid_until=None) | Q(valid_until__gt=today)
        return self.filter(in_time, state=VolunteerState.ACTIVE, valid_from__lte=today)

    def of(self, member):
        """Her own, while she helps."""
        return self.current().filter(member=member)

    def for_list(self):
        return self.select_related("member", "member__organization", "organization")


class CaseQuerySet(models.QuerySet):
    """Cases are read by their matchmaker alone; who runs the service sees numbers, and cases without a matchmaker."""

    def visible_to(self, actor):
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        today = timezone.localdate()
        mine = self.filter(volunteer__member=actor, volunteer__state=VolunteerState.ACTIVE)
        return mine.filter(Q(volunteer__valid_until=None) | Q(volunteer__valid_until__gt=today))

    def open(self):
        return self.filter(closed_on=None)

    def for_list(self):
        return self.select_related("profile__member", "profile__region", "volunteer")


class IntroductionQuerySet(models.QuerySet):
    """Introductions are seen by the two and by the matchmaker who brought them about."""

    def visible_to(self, actor):
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        helping = Q(volunteer__member=actor, volunteer__state=VolunteerState.ACTIVE)
        return self.filter(Q(one__member=actor) | Q(two__member=actor) | helping)

    def of(self, member):
        """Those in which she is one of the two."""
        return self.filter(Q(one__member=member) | Q(two__member=member))

    def live(self):
        return self.filter(state__in=LIVE_INTRODUCTIONS)

    def for_list(self):
        return self.select_related("one__member", "two__member", "volunteer__member")
