"""Figures as they were recounted from business rows, the words and targets beside them, and the log of recounts.

Figures are written by the recount alone. The organisation stands there without a constraint of the database: what a
recount writes in bulk was read from the tree in the same snapshot.
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
    """What the rows of one organisation alone add up to in a month, under the line that held on their days.

    A stock is kept as its change: what came into being in the month less what ceased. Where a figure fell away, 0
    stays.
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
    """An organisation's month with all that stood below it; ``own`` is the part that is its own.

    One row for each ``parent`` it stood under in the month (0 for the root): its total is their sum, and the children
    of a parent with that parent's own part make the parent's total, also in a month in which one of them moved.
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
    """How many different people there were at and below an organisation in a standard period; never added."""

    pk = models.CompositePrimaryKey("indicator", "organization_id", "kind", "start")
    indicator = models.CharField(max_length=20)
    organization = _organization()
    kind = models.CharField(max_length=12, choices=STANDARD_KINDS)
    start = DayField()
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("Figure of people")
        verbose_name_plural = _("Figures of people")

    def __str__(self):
        return f"{self.indicator} {self.kind} {self.start} of {self.organization_id}"


class RangeCount(models.Model):
    """Different people in a free range of months, counted on request; ``value`` is None until the job has run."""

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
    """What administrators say of an indicator in place of its declaration's words, and where it stands.

    The formula stands in code alone. What is empty is taken from the declaration.
    """

    code = models.CharField(_("Code"), max_length=20, primary_key=True)
    name = models.CharField(_("Name"), max_length=60, blank=True)
    definition = models.TextField(_("Definition"), max_length=1000, blank=True)
    order = models.PositiveSmallIntegerField(_("Order"), null=True, blank=True)
    hidden = models.BooleanField(_("Hidden"), default=False)

    class Meta:
        verbose_name = _("Definition of an indicator")
        verbose_name_plural = _("Definitions of indicators")
        ordering = ["code"]

    def __str__(self):
        return self.code


class PublishedYear(models.Model):
    """What the public may read of a year, as it was worked out when its figures were last counted.

    ``tables`` maps a code to the places of its table and its cells: numbers, or the word of what they are hidden as. No
    number that is hidden stands here.
    """

    year = YearField(_("Year"), primary_key=True)
    quarters = models.PositiveSmallIntegerField(_("Quarters that are over"), default=0)
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
    """What an organisation wants an indicator to be in a year, or on its last day."""

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
                violation_error_message=_("Give a year with four digits."),
            ),
        ]

    def __str__(self):
        return f"Target {self.pk}"


class Recount(models.Model):
    """One recount that came to its end, and what it did; one that was killed leaves none."""

    kind = models.CharField(_("Kind"), max_length=10, choices=RecountKind)
    started_at = MomentField(_("Begun"))
    finished_at = MomentField(_("Finished"))
    touches = models.PositiveIntegerField(_("Touches taken"), default=0)
    changed = models.PositiveIntegerField(_("Figures changed"), default=0)
    mended = models.PositiveIntegerField(_("Figures mended"), default=0)

    class Meta:
        verbose_name = _("Recount")
        verbose_name_plural = _("Recounts")
        indexes = [models.Index(fields=["kind", "-id"], name="statistics_recount_kind")]

    def __str__(self):
        return f"Recount {self.pk}"


class FigureFault(models.Model):
    """A figure that a full recount found wrong and mended: no touch had told of it. ``was`` None was missing."""

    recount = models.ForeignKey(Recount, on_delete=models.CASCADE, related_name="faults")
    indicator = models.CharField(_("Indicator"), max_length=20)
    organization = _organization(verbose_name=_("Organisation"))
    kind = models.CharField(_("Period"), max_length=12, choices=STANDARD_KINDS, default=PeriodKind.MONTH)
    start = DayField(_("From"))
    was = AmountField(_("Was"), max_digits=20, decimal_places=2, null=True)
    now = AmountField(_("Is"), max_digits=20, decimal_places=2)

    class Meta:
        verbose_name = _("Fault in a figure")
        verbose_name_plural = _("Faults in figures")

    def __str__(self):
        return f"Fault {self.pk}"
