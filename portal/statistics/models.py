"""Figures counted from business rows, their definitions and targets, and the log of recounts.

Only the recount writes figures. Their organisation has no foreign key constraint in the database, because a recount
reads the tree in the same snapshot in which it writes its rows in bulk.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import AmountField, DayField, MomentField, YearField
from portal.core.periods import PeriodKind
from portal.organizations.models import Organization
from portal.statistics.choices import RecountKind
from portal.statistics.querysets import RangeCountQuerySet, TargetQuerySet

STANDARD_KINDS = [choice for choice in PeriodKind.choices if choice[0] != PeriodKind.RANGE]


def _organization(**options):
    return models.ForeignKey(
        Organization, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", **options
    )


class OwnFigure(models.Model):
    """The sum of the rows of one organisation alone in a month, by the path in force on their days.

    A stock is stored as its change: what began in the month minus what ended. A figure that no longer has rows stays as
    0.
    """

    pk = models.CompositePrimaryKey("indicator", "month", "organization_id", "path")
    indicator = models.CharField(max_length=20)
    organization = _organization()
    path = models.CharField(max_length=255)
    month = DayField()
    value = AmountField(max_digits=20, decimal_places=2)

    class Meta:
        verbose_name = _("Own figure")
        verbose_name_plural = _("Own figures")

    def __str__(self):
        return f"{self.indicator} {self.month} of {self.organization_id}"


class Figure(models.Model):
    """The month of an organisation with all organisations below it; ``own`` is its own part.

    There is one row for each ``parent`` that the organisation had in the month (0 for the root); the organisation's
    total is their sum. The rows with a given parent, together with that parent's own part, make up the parent's total,
    also in a month in which an organisation moved.
    """

    pk = models.CompositePrimaryKey("indicator", "organization_id", "month", "parent_id")
    indicator = models.CharField(max_length=20)
    organization = _organization()
    parent_id = models.BigIntegerField()
    month = DayField()
    value = AmountField(max_digits=20, decimal_places=2)
    own = AmountField(max_digits=20, decimal_places=2)

    class Meta:
        verbose_name = _("Figure")
        verbose_name_plural = _("Figures")
        indexes = [models.Index(fields=["parent_id", "indicator", "month"], name="statistics_children")]

    def __str__(self):
        return f"{self.indicator} {self.month} of {self.organization_id}"


class PeopleFigure(models.Model):
    """The number of distinct people at and below an organisation in a standard period; never added up."""

    pk = models.CompositePrimaryKey("indicator", "organization_id", "kind", "start")
    indicator = models.CharField(max_length=20)
    organization = _organization()
    kind = models.CharField(max_length=12, choices=STANDARD_KINDS)
    start = DayField()
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("Count of people")
        verbose_name_plural = _("Counts of people")

    def __str__(self):
        return f"{self.indicator} {self.kind} {self.start} of {self.organization_id}"


class RangeCount(models.Model):
    """Distinct people in a free range of months, counted on request.

    ``value`` is None until the job has run.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    indicator = models.CharField(_("Indicator"), max_length=20)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    first = DayField()
    last = DayField()
    value = models.BigIntegerField(null=True)
    job = models.ForeignKey("messaging.Job", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = MomentField(auto_now_add=True)
    counted_at = MomentField(null=True)

    objects = RangeCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("Count of a range")
        verbose_name_plural = _("Counts of ranges")
        constraints = [
            models.CheckConstraint(condition=Q(last__gt=F("first")), name="statistics_rangecount_days"),
        ]
        indexes = [models.Index(fields=["organization", "indicator", "-id"], name="statistics_range_of")]

    def __str__(self):
        return f"Count of a range {self.pk}"


class IndicatorDefinition(models.Model):
    """What administrators set for an indicator in place of its declaration.

    These are the name, the definition, the order, and whether the indicator is hidden. The formula is only in code. An
    empty field is taken from the declaration.
    """

    code = models.CharField(_("Code"), max_length=20, primary_key=True)
    name = models.CharField(_("Name"), max_length=60, blank=True)
    definition = models.TextField(_("Definition"), max_length=1000, blank=True)
    order = models.PositiveSmallIntegerField(_("Sort order"), null=True, blank=True)
    hidden = models.BooleanField(_("Hidden"), default=False)

    class Meta:
        verbose_name = _("Definition of an indicator")
        verbose_name_plural = _("Definitions of indicators")
        ordering = ["code"]

    def __str__(self):
        return self.code


class PublishedYear(models.Model):
    """The published tables of a year, as computed when its figures were last counted.

    ``tables`` maps a code to the organisations of its table and its cells: numbers, or the reason why a cell is hidden.
    No hidden number is stored here.
    """

    year = YearField(_("Year"), primary_key=True)
    quarters = models.PositiveSmallIntegerField(_("Completed quarters"), default=0)
    tables = models.JSONField(default=dict)
    made_at = MomentField(auto_now=True)

    class Meta:
        verbose_name = _("Published year")
        verbose_name_plural = _("Published years")
        constraints = [
            models.CheckConstraint(condition=Q(quarters__lte=4), name="statistics_published_quarters"),
        ]

    def __str__(self):
        return f"Published year {self.year}"


class Target(models.Model):
    """The value that an organisation aims at for an indicator in a year, or on its last day."""

    indicator = models.CharField(_("Indicator"), max_length=20)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("Organisation")
    )
    year = YearField(_("Year"))
    value = AmountField(_("Target"), max_digits=20, decimal_places=2)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Target")
        verbose_name_plural = _("Targets")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "organization", "year"], name="statistics_target_once"),
            models.CheckConstraint(
                condition=Q(year__gte=1949, year__lte=2199),
                name="statistics_target_year",
                violation_error_message=_("Enter a year with four digits."),
            ),
        ]

    def __str__(self):
        return f"Target {self.pk}"


class Recount(models.Model):
    """A finished recount and what it did; a recount that was killed leaves no row."""

    kind = models.CharField(_("Kind"), max_length=10, choices=RecountKind)
    started_at = MomentField(_("Started"))
    finished_at = MomentField(_("Finished"))
    touches = models.PositiveIntegerField(_("Change records processed"), default=0)
    changed = models.PositiveIntegerField(_("Figures changed"), default=0)
    mended = models.PositiveIntegerField(_("Figures corrected"), default=0)

    class Meta:
        verbose_name = _("Recount")
        verbose_name_plural = _("Recounts")
        indexes = [models.Index(fields=["kind", "-id"], name="statistics_recount_kind")]

    def __str__(self):
        return f"Recount {self.pk}"


class FigureFault(models.Model):
    """A figure that a full recount found wrong and corrected, because no touch had reported the change.

    ``was`` is None when the figure was missing.
    """

    recount = models.ForeignKey(Recount, on_delete=models.CASCADE, related_name="faults")
    indicator = models.CharField(_("Indicator"), max_length=20)
    organization = _organization(verbose_name=_("Organisation"))
    kind = models.CharField(_("Period"), max_length=12, choices=STANDARD_KINDS, default=PeriodKind.MONTH)
    start = DayField(_("From"))
    was = AmountField(_("Previous value"), max_digits=20, decimal_places=2, null=True)
    now = AmountField(_("Current value"), max_digits=20, decimal_places=2)

    class Meta:
        verbose_name = _("Error in a figure")
        verbose_name_plural = _("Errors in figures")

    def __str__(self):
        return f"Fault {self.pk}"
