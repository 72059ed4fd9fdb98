"""Models of group weddings."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.weddings import WEDDING_TRANSITIONS, WeddingState
from matchmaking.querysets.weddings import WeddingQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.fields import DayField, MomentField


class GroupWedding(models.Model):
    """A group wedding (集体婚礼) that couples apply for."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organiser")
    )
    title = models.CharField(_("Title"), max_length=60)
    summary = models.TextField(_("Description of the wedding"), max_length=2000)
    on = DayField(_("Day"), span=PLANNED)
    place = models.CharField(_("Place"), max_length=120)
    couples_most = models.PositiveSmallIntegerField(_("Maximum number of couples"))
    closes_at = MomentField(_("Application deadline"), span=PLANNED)
    state = StateField(WEDDING_TRANSITIONS, default=WeddingState.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = WeddingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Group wedding")
        verbose_name_plural = _("Group weddings")
        constraints = [
            models.CheckConstraint(
                condition=Q(couples_most__gte=1, couples_most__lte=500),
                name="matchmaking_wedding_most",
                violation_error_message=_("The number of couples must be between 1 and 500."),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:wedding-detail", args=[self.pk])
