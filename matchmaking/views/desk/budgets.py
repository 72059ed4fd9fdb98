"""Budgets of organisations and costs of events."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.filters.budgets import BudgetFilter
from matchmaking.forms.budgets import BudgetForm, BudgetUpdateForm, CostForm
from matchmaking.models import EventBudget, EventCost
from matchmaking.selectors.budgets import budget_events, budget_kinds, budget_levels, with_costs
from matchmaking.services.budgets import budget_create, budget_update, cost_create, cost_remove, cost_update
from matchmaking.tables.budgets import BudgetTable
from matchmaking.views.desk.events import OfEventFormView
from portal.core.choices import Area
from portal.organizations.records import Records
from portal.web.views import ActionView, DetailView, ListView, RowFormView


class BudgetListView(ListView):
    table_class = BudgetTable
    export_columns = (
        (_("Organisation"), "organization__name"),
        (_("Year"), "year"),
        (_("Budget"), "planned"),
        (_("Planned for events"), "costs_planned"),
        (_("Spent"), "costs_spent"),
        (_("Remaining"), "rest"),
    )

    def get_queryset(self):
        return with_costs(super().get_queryset())


class BudgetDetailView(DetailView):
    """The budget of a year: by kind, by event, the rest, and the organisations directly below."""

    template_name = "matchmaking/budget_detail.html"

    def get_queryset(self):
        return with_costs(super().get_queryset())

    def get_title(self):
        return _("Budget %(year)s") % {"year": self.object.year}

    def get_context_data(self, **kwargs):
        budget = self.object
        return super().get_context_data(
            kinds=budget_kinds(budget),
            events=budget_events(budget),
            levels=budget_levels(budget),
            edits=rules.can_edit_budget(self.request.user, budget),
            over=budget.rest < 0,
            **kwargs,
        )


class BudgetPages(Records):
    model = EventBudget
    area = Area.MATCHMAKING
    prefix = "budget"
    path = "budgets/"
    row_name = "budget"
    title = _("Event budgets")
    filterset_class = BudgetFilter
    empty_title = _("No budgets here yet")
    empty_text = _("Enter your organisation's budget for the events of the whole year.")
    create = budget_create
    create_form = BudgetForm
    create_label = _("Create a budget")
    update = budget_update
    update_form = BudgetUpdateForm
    edit_rule = rules.can_edit_budget
    edit_label = _("Change the budget")
    list_view = BudgetListView
    detail_view = BudgetDetailView


class EventCostsView(OfEventFormView):
    """The costs of an event, planned and spent, with a form to add an amount."""

    template_name = "matchmaking/event_costs.html"
    form_class = CostForm
    title = _("Costs")
    success_message = _("Recorded.")

    def get_context_data(self, **kwargs):
        costs = list(self.event.costs.order_by("kind", "pk"))
        return super().get_context_data(
            costs=costs,
            planned=sum(row.planned for row in costs),
            spent=sum(row.spent or 0 for row in costs),
            **kwargs,
        )

    def perform(self, form):
        cost_create(actor=self.request.user, event=self.event, **form.cleaned_data)

    def next_url(self, result):
        return reverse("matchmaking:event-costs", args=[self.event.pk])


class OfCostMixin:
    model = EventCost
    rule = rules.can_edit_of_event

    def back_url(self):
        return reverse("matchmaking:event-costs", args=[self.object.event_id])

    def next_url(self, result):
        return self.back_url()


class CostUpdateView(OfCostMixin, RowFormView):
    form_class = CostForm
    title = _("Change an amount")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "cost"
    service = cost_update

    def get_initial(self):
        return {name: getattr(self.object, name) for name in ("kind", "planned", "spent", "note")}

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.back_url(), subtitle=self.object.event.title, **kwargs)


class CostRemoveView(OfCostMixin, ActionView):
    title = _("Delete an amount")
    action_label = _("Delete")
    consequence = _("The amount no longer counts towards the budget of its year.")
    danger = True
    success_message = _("Deleted.")

    row_name = "cost"
    service = cost_remove
