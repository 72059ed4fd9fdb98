"""Demands for events (订单式) by units and singles."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.demands import DEMAND_TRANSITIONS, DemandState
from matchmaking.models.series import EventTheme
from matchmaking.querysets.demands import DemandQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.fields import DayField, MomentField


class EventDemand(models.Model):
    """A demand of a unit or a single for an event on a theme (订单式); demands are merged into one event."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit")
    )
    asked_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    on_behalf_of_unit = models.BooleanField(_("On behalf of the unit"), default=False, editable=False)
    theme = models.ForeignKey(
        EventTheme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Theme")
    )
    wish = models.CharField(_("Your wishes"), max_length=200)
    people = models.PositiveIntegerField(_("Expected number of people"), default=1)
    wanted_from = DayField(_("Earliest date"), span=PLANNED, null=True, blank=True)
    wanted_until = DayField(_("Latest date"), span=PLANNED, null=True, blank=True)
    state = StateField(DEMAND_TRANSITIONS, default=DemandState.OPEN)
    event = models.ForeignKey(
        "matchmaking.MatchEvent", on_delete=models.SET_NULL, null=True, related_name="demands", editable=False
    )
    answer = models.CharField(_("Answer"), max_length=300, blank=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("Demand")
        verbose_name_plural = _("Demands")
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_from=None) | Q(wanted_until=None) | Q(wanted_until__gte=F("wanted_from")),
                name="matchmaking_demand_dates",
                violation_error_message=_("The latest date must not be before the earliest date."),
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=5000),
                name="matchmaking_demand_people",
                violation_error_message=_("The number of people must be between 1 and 5,000."),
            ),
            models.CheckConstraint(
                condition=~Q(state=DemandState.PLANNED) | Q(event__isnull=False), name="matchmaking_demand_event"
            ),
        ]

    def __str__(self):
        return f"Demand {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:demand-detail", args=[self.pk])
