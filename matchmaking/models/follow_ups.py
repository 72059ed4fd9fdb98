"""Models of follow-ups of pairs."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.follow_ups import FOLLOW_UP_TRANSITIONS, FollowUpKind, FollowUpResult, FollowUpState
from matchmaking.querysets.follow_ups import FollowUpQuerySet
from portal.audit.gate import StateField
from portal.core.fields import DayField, EncryptedTextField, MomentField


class FollowUp(models.Model):
    """A follow-up call due to a couple; a stopped follow-up does not say who stopped it."""

    pair = models.ForeignKey("matchmaking.Pair", on_delete=models.CASCADE, related_name="follow_ups")
    kind = models.CharField(_("Kind"), max_length=10, choices=FollowUpKind)
    due_on = DayField(_("Due"))
    state = StateField(FOLLOW_UP_TRANSITIONS, default=FollowUpState.DUE)
    done_on = DayField(_("Completed on"), null=True, editable=False)
    done_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    result = models.CharField(_("Result"), max_length=20, choices=FollowUpResult, blank=True)
    words = EncryptedTextField(_("Note"), max_length=600, blank=True)
    created_at = MomentField(auto_now_add=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("Follow-up")
        verbose_name_plural = _("Follow-ups")
        indexes = [models.Index(fields=["state", "due_on"], name="matchmaking_followup_due")]
        constraints = [
            models.UniqueConstraint(fields=["pair", "kind"], name="matchmaking_followup_once"),
            models.CheckConstraint(
                condition=~Q(state=FollowUpState.DONE) | (Q(done_on__isnull=False) & ~Q(result="")),
                name="matchmaking_followup_done",
            ),
        ]

    def __str__(self):
        return f"Follow-up {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:follow-up-detail", args=[self.pk])
