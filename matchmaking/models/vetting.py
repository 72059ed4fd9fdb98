"""Models of the vetting of profiles and appeals."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.vetting import APPEAL_TRANSITIONS, AppealState
from matchmaking.models.profiles import SingleProfile
from matchmaking.querysets.vetting import AppealQuerySet
from portal.audit.gate import StateField
from portal.core.fields import EncryptedTextField, MomentField


class ProfileAppeal(models.Model):
    """A single's appeal against a refusal, decided by somebody above the unit that refused."""

    profile = models.ForeignKey(SingleProfile, on_delete=models.CASCADE, related_name="appeals")
    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(_("Reason for the appeal"), max_length=1000)
    state = StateField(APPEAL_TRANSITIONS, default=AppealState.OPEN)
    answer = models.CharField(_("Answer"), max_length=300, blank=True, editable=False)
    decided_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = MomentField(null=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("Appeal")
        verbose_name_plural = _("Appeals")
        constraints = [
            models.UniqueConstraint(
                fields=["profile"], condition=Q(state=AppealState.OPEN), name="matchmaking_appeal_once"
            )
        ]

    def __str__(self):
        return f"Appeal {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:appeal-detail", args=[self.pk])
