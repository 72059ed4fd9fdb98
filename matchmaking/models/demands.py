"""Demands for events (订单式): what units and singles ask for."""

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
    """A unit or a single asks for an event of a theme (订单式); demands are merged into one event."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit")
    )
    asked_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    on_behalf_of_unit = models.BooleanField(_("For the unit"), default=False, editable=False)
    theme = models.ForeignKey(
        EventTheme, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Theme")
    )
    wish = models.CharField(_("What you wish for"), max_length=200)
    people = models.PositiveIntegerField(_("How many would come"), default=1)
    wanted_from = DayField(_("Not before"), span=PLANNED, null=True, blank=True)
    wanted_until = DayField(_("Not after"), span=PLANNED, null=True, blank=True)
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
                violation_error_message=_("The last day is not before the first."),
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=5000),
                name="matchmaking_demand_people",
                violation_error_message=_("Between 1 and 5,000 people."),
            ),
            models.CheckConstraint(
                condition=~Q(state=DemandState.PLANNED) | Q(event__isnull=False), name="matchmaking_demand_event"
            ),
        ]

    def __str__(self):
        return f"Demand {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:demand-detail", args=[self.pk])
