"""Models of invitations to restricted events."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matchmaking.querysets.events import OfEventQuerySet
from portal.core.fields import MomentField


class Invitation(models.Model):
    """Permission to join a restricted event: for one person, or for everybody of one unit."""

    event = models.ForeignKey("matchmaking.MatchEvent", on_delete=models.CASCADE, related_name="invitations")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+")
    invited_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    created_at = MomentField(auto_now_add=True)

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Invitation")
        verbose_name_plural = _("Invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(member=None, unit__isnull=False) | Q(member__isnull=False, unit=None),
                name="matchmaking_invitation_whom",
            ),
            models.UniqueConstraint(
                fields=["event", "member", "unit"], nulls_distinct=False, name="matchmaking_invitation_once"
            ),
        ]

    def __str__(self):
        return f"Invitation {self.pk}"
