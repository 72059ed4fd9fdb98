"""What events are planned from: series, themes, venues, partners, invitations, demands, money, letters."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import (
    DEMAND_TRANSITIONS,
    CostKind,
    DemandState,
    EventMode,
    LetterTo,
    PartnerKind,
    VenueKind,
)
from matchmaking.querysets.planning import (
    BudgetQuerySet,
    DemandQuerySet,
    OfEventQuerySet,
    PartnerQuerySet,
    SeriesQuerySet,
    VenueQuerySet,
)
from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.fields import AmountField, DayField, MomentField, YearField


class EventSeries(models.Model):
    """A brand under which events are held year after year, such as 会聚良缘."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    name = models.CharField(_("Name"), max_length=40)
    summary = models.TextField(_("What it stands for"), max_length=1000, blank=True)
    active = models.BooleanField(_("In use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("Event series")
        verbose_name_plural = _("Event series")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="matchmaking_series_name",
                violation_error_message=_("There is a series of this name already."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:series-detail", args=[self.pk])


class EventTheme(models.Model):
    """A theme with a text to start from, such as a masked ball or a reading evening; reference data."""

    name = models.CharField(_("Name"), max_length=30, unique=True)
    summary = models.TextField(_("Text to start from"), max_length=1000, blank=True)
    mode = models.CharField(_("Mode"), max_length=10, choices=EventMode, default=EventMode.OFFLINE)
    order = models.PositiveSmallIntegerField(_("Order"), default=100)
    active = models.BooleanField(_("Offered"), default=True)

    class Meta:
        verbose_name = _("Theme")
        verbose_name_plural = _("Themes")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name


class Venue(models.Model):
    """A place where events are held; two events are never there at one time (a constraint of the events)."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Entered by")
    )
    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=20, choices=VenueKind)
    region = models.ForeignKey(
        "organizations.Region", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Region")
    )
    address = models.CharField(_("Address"), max_length=120)
    capacity = models.PositiveIntegerField(_("People at most"))
    desk_phone = models.CharField(_("Number of the house"), max_length=30, blank=True)
    notes = models.TextField(_("Good to know"), max_length=600, blank=True)
    active = models.BooleanField(_("In use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("Venue")
        verbose_name_plural = _("Venues")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="matchmaking_venue_name",
                violation_error_message=_("There is a venue of this name there already."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=2, capacity__lte=20000),
                name="matchmaking_venue_capacity",
                violation_error_message=_("A venue holds between 2 and 20,000 people."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:venue-detail", args=[self.pk])


class EventPartner(models.Model):
    """Who holds an event together with its lead organiser; a union partner sees its share as a figure."""

    event = models.ForeignKey("matchmaking.MatchEvent", on_delete=models.CASCADE, related_name="partners")
    kind = models.CharField(_("Kind"), max_length=20, choices=PartnerKind)
    name = models.CharField(_("Name"), max_length=60)
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Union"),
    )
    contribution = models.CharField(_("What it contributes"), max_length=120, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Partner")
        verbose_name_plural = _("Partners")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                name="matchmaking_partner_once",
                violation_error_message=_("This partner is on the list already."),
            )
        ]

    def __str__(self):
        return self.name


class Invitation(models.Model):
    """Who may join a restricted event: one person, or everybody of one unit."""

    event = models.ForeignKey("matchmaking.MatchEvent", on_delete=models.CASCADE, related_name="invitations")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+")
    invited_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    created_at = MomentField(auto_now_add=True)

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Invitation")
        verbose_name_plural = _("Invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(member=None, unit__isnull=False) | Q(member__isnull=False, unit=None),
                name="matchmaking_invitation_whom",
            ),
            models.UniqueConstraint(
                fields=["event", "member", "unit"], nulls_distinct=False, name="matchmaking_invitation_once"
            ),
        ]

    def __str__(self):
        return f"Invitation {self.pk}"


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


class EventBudget(models.Model):
    """What an organisation sets aside for events in a year, in yuan."""

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
                violation_error_message=_("This year has a budget already: change it there."),
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
    """A planned or spent amount of one event, in yuan; it counts in the year in which the event begins."""

    event = models.ForeignKey("matchmaking.MatchEvent", on_delete=models.PROTECT, related_name="costs")
    kind = models.CharField(_("For"), max_length=20, choices=CostKind)
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
                violation_error_message=_("Amounts are not below zero."),
            )
        ]

    def __str__(self):
        return f"Cost {self.pk}"


class EventLetter(models.Model):
    """What the organisers wrote to the people of an event."""

    event = models.ForeignKey("matchmaking.MatchEvent", on_delete=models.CASCADE, related_name="letters")
    to = models.CharField(_("To"), max_length=10, choices=LetterTo)
    title = models.CharField(_("Title"), max_length=60)
    words = models.TextField(_("Words"), max_length=600)
    people = models.PositiveIntegerField(_("People"), editable=False)
    sent_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = MomentField(_("Sent at"), auto_now_add=True)

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Letter")
        verbose_name_plural = _("Letters")
        ordering = ["-pk"]

    def __str__(self):
        return f"Letter {self.pk}"
