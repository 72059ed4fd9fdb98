"""Rubrics: what an inspection looks at, in versions that never change once they are in force."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.choices import Area
from portal.core.fields import AmountField, DayField, MomentField
from portal.inspections import scoring
from portal.inspections.choices import UNPUBLISHED, VERSION_TRANSITIONS, EvidenceKind, VersionState
from portal.inspections.querysets.rubrics import RubricItemQuerySet, RubricQuerySet, RubricVersionQuerySet
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager
    from django_stubs_ext import StrOrPromise

# On a phone each point of an item is a button.
MOST_POINTS = 20
MOST_WEIGHT = Decimal(100)
MOST_ITEMS = 200


class Rubric(models.Model):
    """A rubric that the province keeps for all inspections of one kind.

    ``code`` is ``<area>.<name>``; the inspections of an area name it.
    """

    if TYPE_CHECKING:
        versions: RelatedManager[RubricVersion]

    code = models.CharField(_("Code"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    # Without choices, because a migration would repeat the areas of its day.
    area = models.CharField(_("Work area"), max_length=20)

    objects = RubricQuerySet.as_manager()

    class Meta:
        verbose_name = _("Rubric")
        verbose_name_plural = _("Rubrics")
        ordering = ["code"]

    def __str__(self):
        return f"Rubric {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:rubric-detail", args=[self.pk])

    def get_area_display(self) -> StrOrPromise:
        return Area(self.area).label


class RubricVersion(models.Model):
    """One version of a rubric, with its items and grades.

    ``created_by`` is None for a version that was shipped with the portal. All others are put in force by a second
    person. ``replaced_on`` is the day from which a later version applies.
    """

    if TYPE_CHECKING:
        items: RelatedManager[RubricItem]
        grades: RelatedManager[RubricGrade]

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="versions", verbose_name=_("Rubric"))
    number = models.PositiveSmallIntegerField(_("Version"))
    state = StateField(VERSION_TRANSITIONS, default=VersionState.DRAFT)
    valid_from = DayField(_("In force from"), null=True, editable=False)
    replaced_on = DayField(_("Replaced on"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    submitted_at = MomentField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    return_reason = models.CharField(max_length=300, blank=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = RubricVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Version of a rubric")
        verbose_name_plural = _("Versions of rubrics")
        constraints = [
            models.UniqueConstraint(fields=["rubric", "number"], name="inspections_version_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="inspections_version_first"),
            models.UniqueConstraint(
                fields=["rubric"], condition=Q(state=VersionState.IN_FORCE), name="inspections_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["rubric"],
                condition=Q(state__in=[str(state) for state in UNPUBLISHED]),
                name="inspections_version_draft",
                violation_error_message=_("A new version of this rubric is being written already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in UNPUBLISHED]) | Q(valid_from__isnull=False),
                name="inspections_version_valid_from",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in UNPUBLISHED])
                | Q(created_by=None)
                | (
                    Q(published_by__isnull=False)
                    & ~Q(published_by=F("created_by"))
                    & ~Q(published_by=F("submitted_by"))
                ),
                name="inspections_version_second",
                violation_error_message=_("A second person must approve it."),
            ),
        ]

    def __str__(self):
        return f"Version {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:version-detail", args=[self.pk])

    @cached_property
    def organization(self) -> Organization:
        """The province, where a second person puts versions in force."""
        return Organization.objects.get(parent=None)

    def scales(self) -> list[scoring.Grade]:
        """Return the grades as ``scoring`` takes them."""
        return [scoring.Grade(row.least, row.name) for row in self.grades.all()]


class RubricItem(models.Model):
    """An item of a version: at most ``points`` whole points, each worth ``weight``.

    An item without points, and a veto item, is answered by yes or no. A veto item that is not met fails the inspection.
    ``source`` is the article of law or the rule behind the item.
    """

    version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("Number"))
    group = models.CharField(_("Group of items"), max_length=40)
    text = models.CharField(_("Requirement"), max_length=300)
    source = models.CharField(_("Law or rule"), max_length=200, blank=True)
    points = models.PositiveSmallIntegerField(
        _("Points at most"),
        default=0,
        validators=[MaxValueValidator(MOST_POINTS)],
        help_text=_("0 for a yes-or-no item."),
    )
    weight = AmountField(
        _("Weight"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(MOST_WEIGHT)],
    )
    required = models.BooleanField(
        _("Must be answered"), default=True, help_text=_("A required item always applies and must be answered.")
    )
    veto = models.BooleanField(
        _("Veto"), default=False, help_text=_("If it is not met, the inspection fails whatever the points.")
    )
    evidence = models.CharField(_("Evidence"), max_length=10, choices=EvidenceKind, default=EvidenceKind.NONE)
    help = models.CharField(_("How to check"), max_length=300, blank=True)

    objects = RubricItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("Rubric item")
        verbose_name_plural = _("Rubric items")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number"],
                name="inspections_item_number",
                violation_error_message=_("There is an item with this number already."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_ITEMS),
                name="inspections_item_first",
                violation_error_message=_("Number the items from 1 to 200."),
            ),
            models.CheckConstraint(condition=Q(points__lte=MOST_POINTS), name="inspections_item_points"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=MOST_WEIGHT), name="inspections_item_weight"),
        ]

    def __str__(self):
        return f"Item {self.pk}"

    def get_absolute_url(self) -> str:
        return self.version.get_absolute_url()

    @property
    def most(self) -> Decimal:
        """The most weighted points that the item gives."""
        return self.points * self.weight

    @property
    def by_yes_or_no(self) -> bool:
        return self.as_scored().by_yes_or_no

    def as_scored(self) -> scoring.Item:
        """Return the item as ``scoring`` takes it."""
        return scoring.Item(self.number, self.group, self.points, self.weight, self.required, self.veto)


class RubricGrade(models.Model):
    """A grade of a version, reached with at least ``least`` percent of the maximum."""

    version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="grades")
    least = models.PositiveSmallIntegerField(_("Percent of the maximum, at least"))
    name = models.CharField(_("Grade"), max_length=20)

    class Meta:
        verbose_name = _("Grade")
        verbose_name_plural = _("Grades")
        ordering = ["-least"]
        constraints = [
            models.UniqueConstraint(fields=["version", "least"], name="inspections_grade_least"),
            models.UniqueConstraint(fields=["version", "name"], name="inspections_grade_name"),
            models.CheckConstraint(condition=Q(least__lte=100), name="inspections_grade_percent"),
        ]

    def __str__(self):
        return f"Grade {self.pk}"
