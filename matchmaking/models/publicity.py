"""Models of nominations and media releases."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.publicity import NOMINATION_TRANSITIONS, Medium, NominationState
from matchmaking.querysets.publicity import NominationQuerySet, ReleaseQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PAST
from portal.core.fields import DayField, MomentField


class Nomination(models.Model):
    """A person is proposed to a medium; nothing is passed on before they consent to this publicity.

    The consent is separate from all others.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", verbose_name=_("Member"))
    medium = models.CharField(_("Media type"), max_length=20, choices=Medium)
    programme = models.CharField(_("Programme or column"), max_length=60)
    purpose = models.CharField(_("Purpose"), max_length=200)
    state = StateField(NOMINATION_TRANSITIONS, default=NominationState.ASKED)
    settled_on = DayField(_("Resolved on"), null=True, editable=False)
    created_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nomination")
        verbose_name_plural = _("Nominations")

    def __str__(self):
        return f"Nomination {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:nomination-detail", args=[self.pk])


class MediaRelease(models.Model):
    """A publication about the work, such as a column or a broadcast."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    event = models.ForeignKey(
        "matchmaking.MatchEvent",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Event"),
    )
    medium = models.CharField(_("Media type"), max_length=20, choices=Medium)
    title = models.CharField(_("Title"), max_length=100)
    outlet = models.CharField(_("Name of the media outlet"), max_length=60)
    published_on = DayField(_("Published on"), span=PAST)
    url = models.URLField(_("Address"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Publication")
        verbose_name_plural = _("Publications")

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:release-update", args=[self.pk])
