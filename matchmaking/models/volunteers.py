"""Volunteer matchmakers (红娘)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.volunteers import VOLUNTEER_TRANSITIONS, VolunteerState
from matchmaking.querysets.volunteers import VolunteerQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PAST
from portal.core.fields import DayField, MomentField
from portal.members.models import Assignment


class Volunteer(Assignment):
    """A volunteer matchmaker of an organisation: pledged and trained, from a day until a day."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    state = StateField(VOLUNTEER_TRANSITIONS, default=VolunteerState.APPLIED)
    motive = models.CharField(_("Why I want to help"), max_length=300, blank=True)
    pledged_at = MomentField(_("Pledge signed at"), null=True, editable=False)
    pledge_version = models.PositiveSmallIntegerField(null=True, editable=False)
    trained_on = DayField(_("Trained on"), span=PAST, null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("Maximum number of people at a time"), default=20)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Volunteer matchmaker")
        verbose_name_plural = _("Volunteer matchmakers")
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=~Q(state=VolunteerState.ENDED),
                name="matchmaking_volunteer_once",
                violation_error_message=_("This person is already a matchmaker."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[VolunteerState.ACTIVE, VolunteerState.RESTING])
                | Q(pledged_at__isnull=False, trained_on__isnull=False),
                name="matchmaking_volunteer_ready",
                violation_error_message=_(
                    "A matchmaker can begin only after signing the pledge and completing the training."
                ),
            ),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=100), name="matchmaking_volunteer_most"),
        ]

    def __str__(self):
        return f"Matchmaker {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:volunteer-detail", args=[self.pk])
