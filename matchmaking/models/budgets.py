"""Models of budgets and costs of events."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.budgets import CostKind
from matchmaking.querysets.budgets import BudgetQuerySet
from matchmaking.querysets.events import OfEventQuerySet
from portal.core.fields import AmountField, MomentField, YearField


class EventBudget(models.Model):
    """The amount that an organisation sets aside for events in a year, in yuan."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    year = YearField(_("Year"))
    planned = AmountField(_("Planned (yuan)"), max_digits=12, decimal_places=2)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Budget")
        verbose_name_plural = _("Budgets")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                name="matchmaking_budget_once",
                violation_error_message=_("A budget for this year already exists. Change that one."),
            ),
            models.CheckConstraint(
                condition=Q(planned__gte=0, year__gte=2000, year__lte=2100), name="matchmaking_budget_positive"
            ),
        ]

    def __str__(self):
        return f"Budget {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:budget-detail", args=[self.pk])


class EventCost(models.Model):
    """A planned or spent amount of an event, in yuan; it counts in the year in which the event begins."""

    event = models.ForeignKey("matchmaking.MatchEvent", on_delete=models.PROTECT, related_name="costs")
    kind = models.CharField(_("Purpose"), max_length=20, choices=CostKind)
    planned = AmountField(_("Planned (yuan)"), max_digits=12, decimal_places=2, default=0)
    spent = AmountField(_("Spent (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("Note"), max_length=120, blank=True)
    created_at = MomentField(auto_now_add=True)

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Cost")
        verbose_name_plural = _("Costs")
        constraints = [
            models.CheckConstraint(
                condition=Q(planned__gte=0) & (Q(spent=None) | Q(spent__gte=0)),
                name="matchmaking_cost_positive",
                violation_error_message=_("Amounts must not be negative."),
            )
        ]

    def __str__(self):
        return f"Cost {self.pk}"
