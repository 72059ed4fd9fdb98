"""What passes to a successor when a duty ends."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import MomentField
from portal.members.models.duties import Duty
from portal.members.models.people import Member
from portal.members.querysets import HandOverQuerySet


class HandOver(models.Model):
    """An item that waited for the holder of a duty when it ended, or that was handed over.

    ``key`` is the URL of the page that settles the item. ``successor`` has taken it on by name; without a successor,
    the level above sees that nobody has it. The row gives no right.
    """

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="hand_overs", verbose_name=_("Duty"))
    key = models.CharField(max_length=200)
    successor = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Successor")
    )
    given_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = MomentField(auto_now_add=True)
    ended_at = MomentField(null=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("Hand-over")
        verbose_name_plural = _("Hand-overs")
        constraints = [
            models.UniqueConstraint(fields=["duty", "key"], condition=Q(ended_at=None), name="members_handover_once")
        ]
        indexes = [models.Index(fields=["successor"], name="members_handover_open", condition=Q(ended_at=None))]

    def __str__(self):
        return f"Hand-over {self.pk}"
