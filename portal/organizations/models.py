"""The tree of union organisations, its line through time, and the regions it lies in."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.choices import Level
from portal.core.fields import AmountField, DayField, MomentField, PathField
from portal.organizations.choices import (
    LEVELS,
    CommitteeKind,
    DayKind,
    EmploymentForm,
    Industry,
    OrganizationKind,
    Ownership,
)
from portal.organizations.querysets import EmployerQuerySet, FactQuerySet, OrganizationQuerySet


class Region(models.Model):
    """An administrative region by its six-digit code (GB/T 2260); names change, so a row has its dates."""

    code = models.CharField(_("Code"), max_length=6, primary_key=True)
    name = models.CharField(_("Name"), max_length=60)
    short_name = models.CharField(_("Short name"), max_length=30)
    level = models.PositiveSmallIntegerField(_("Level"))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = DayField(_("Valid from"), span=VALIDITY)
    valid_until = DayField(_("Valid until"), span=VALIDITY, null=True, blank=True)
    statistical = models.BooleanField(_("Statistical code only"), default=False)

    class Meta:
        verbose_name = _("Region")
        verbose_name_plural = _("Regions")
        ordering = ["code"]

    def __str__(self):
        return self.name


class Employer(models.Model):
    """The firm or body whose workers organise; one may have several organisations, and an organisation one employer.

    ``organization`` registered it and edits it.
    """

    name = models.CharField(_("Name"), max_length=100)
    pinyin = models.CharField(max_length=100, editable=False)
    uscc = models.CharField(_("Social credit code"), max_length=18, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Region")
    )
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Registered by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Employer")
        verbose_name_plural = _("Employers")
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc=""),
                name="organizations_employer_uscc",
                violation_error_message=_("An employer with this social credit code is registered already."),
            ),
        ]
        indexes = [models.Index(fields=["pinyin", "id"], name="organizations_employer_pinyin")]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:employer-detail", args=[self.pk])


class Organization(models.Model):
    """A union organisation. ``path`` is made of ids from the root with a closing slash, such as ``/1/14/203/``."""

    kind = models.CharField(_("Kind"), max_length=20, choices=OrganizationKind)
    name = models.CharField(_("Name"), max_length=100)
    short_name = models.CharField(_("Short name"), max_length=30, blank=True)
    pinyin = models.CharField(max_length=100, editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Under")
    )
    path = PathField(max_length=255, unique=True, editable=False)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Region")
    )
    uscc = models.CharField(_("Social credit code"), max_length=18, blank=True)
    employment_form = models.CharField(
        _("Form of employment"), max_length=20, choices=EmploymentForm, default=EmploymentForm.STANDARD
    )
    industry = models.CharField(_("Industry"), max_length=1, choices=Industry, blank=True)
    ownership = models.CharField(_("Ownership"), max_length=20, choices=Ownership, blank=True)
    employer = models.ForeignKey(
        Employer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("Employer"),
    )
    founded_on = DayField(_("Founded on"), span=VALIDITY, null=True, blank=True)
    closed_on = DayField(_("Closed on"), span=VALIDITY, null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Organisation")
        verbose_name_plural = _("Organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/") & Q(path__endswith="/"), name="organizations_organization_path"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(founded_on=None) | Q(closed_on__gte=F("founded_on")),
                name="organizations_organization_dates",
                violation_error_message=_("An organisation closes on or after the day it was founded."),
            ),
            models.CheckConstraint(
                condition=Q(kind=OrganizationKind.PROVINCE, parent=None)
                | (~Q(kind=OrganizationKind.PROVINCE) & Q(parent__isnull=False)),
                name="organizations_organization_root",
                violation_error_message=_("Only the provincial federation stands without an organisation above it."),
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(closed_on=None),
                name="organizations_organization_name",
                violation_error_message=_("There is already an open organisation of this name here."),
            ),
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc="") & Q(closed_on=None),
                name="organizations_organization_uscc",
                violation_error_message=_("This social credit code belongs to another open organisation."),
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="organizations_path", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["pinyin", "id"], name="organizations_pinyin"),
            GinIndex(fields=["name"], name="organizations_name_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(
                OpClass(Replace("pinyin", Value(" "), Value("")), name="gin_trgm_ops"),
                name="organizations_pinyin_trgm",
            ),
            models.Index(fields=["parent", "pinyin", "id"], name="organizations_children"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:organization-detail", args=[self.pk])

    @property
    def level(self) -> Level:
        """The level of the union it stands on."""
        return LEVELS[OrganizationKind(self.kind)]

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to the parent."""
        return [int(part) for part in self.path.strip("/").split("/")[:-1]]

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class OrganizationLine(models.Model):
    """The line of reporting as it stood from ``valid_from`` until before ``valid_until``; written by services alone."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="lines")
    path = PathField(max_length=255)
    valid_from = DayField(span=VALIDITY)
    valid_until = DayField(span=VALIDITY, null=True)

    class Meta:
        verbose_name = _("Organisation line")
        verbose_name_plural = _("Organisation lines")
        constraints = [
            ExclusionConstraint(
                name="organizations_line_overlap",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    (
                        Func(F("valid_from"), F("valid_until"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
        ]

    def __str__(self):
        return f"Line {self.pk}"


class WomenCommittee(models.Model):
    """The women's committee of an organisation, or its commissioner, over one term; a new term is a new row.

    ``chair_post`` says what else the chair is, such as deputy chair of the union.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="committees")
    kind = models.CharField(_("Kind"), max_length=20, choices=CommitteeKind, default=CommitteeKind.COMMITTEE)
    founded_on = DayField(_("First founded on"), span=VALIDITY, null=True, blank=True)
    term_from = DayField(_("This term begins"), span=VALIDITY)
    term_years = models.PositiveSmallIntegerField(_("Years of a term"), null=True, blank=True)
    term_ends_on = DayField(_("This term ends"), null=True, blank=True)
    ended_on = DayField(_("Ended on"), span=VALIDITY, null=True, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Chair or commissioner"),
    )
    chair_post = models.CharField(_("Her other post"), max_length=60, blank=True)
    created_at = MomentField(auto_now_add=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("Women's committee")
        verbose_name_plural = _("Women's committees")
        constraints = [
            ExclusionConstraint(
                name="organizations_committee_overlap",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    (
                        Func(F("term_from"), F("ended_on"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Two terms of one organisation overlap."),
            ),
            models.CheckConstraint(
                condition=Q(term_ends_on=None) | Q(term_ends_on__gt=F("term_from")),
                name="organizations_committee_term",
                violation_error_message=_("A term ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(founded_on=None) | Q(founded_on__lte=F("term_from")),
                name="organizations_committee_founded",
                violation_error_message=_("It was founded on or before the day this term begins."),
            ),
            models.CheckConstraint(
                condition=Q(term_years=None) | Q(term_years__gte=1, term_years__lte=10),
                name="organizations_committee_years",
                violation_error_message=_("A term has between 1 and 10 years."),
            ),
        ]

    def __str__(self):
        return f"Committee {self.pk}"


class HeadCount(models.Model):
    """How many workers and members an organisation had on a day, and how many of them women."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="head_counts")
    on = DayField(_("On"), span=VALIDITY)
    workers = models.PositiveIntegerField(_("Workers"))
    women_workers = models.PositiveIntegerField(_("Women workers"))
    members = models.PositiveIntegerField(_("Union members"))
    women_members = models.PositiveIntegerField(_("Women members"))
    created_at = MomentField(auto_now_add=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("Head count")
        verbose_name_plural = _("Head counts")
        constraints = [
            models.UniqueConstraint(fields=["organization", "on"], name="organizations_headcount_once"),
            models.CheckConstraint(
                condition=Q(women_workers__lte=F("workers"), women_members__lte=F("members")),
                name="organizations_headcount_women",
                violation_error_message=_("There are not more women than people."),
            ),
        ]

    def __str__(self):
        return f"Head count {self.pk}"


class LegalParameter(models.Model):
    """A number of the law from a day on, for the nation or one region; legal numbers stand here and never in code.

    ``verified`` says that somebody held it against the text in force; until then pages show it as to be confirmed.
    """

    key = models.CharField(_("Key"), max_length=60)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Region")
    )
    value = AmountField(_("Value"), max_digits=12, decimal_places=2)
    unit = models.CharField(_("Unit of measure"), max_length=20, blank=True)
    valid_from = DayField(_("Valid from"), span=VALIDITY)
    source = models.CharField(_("Source"), max_length=200)
    verified = models.BooleanField(_("Verified"), default=False)

    class Meta:
        verbose_name = _("Legal parameter")
        verbose_name_plural = _("Legal parameters")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "region", "valid_from"], nulls_distinct=False, name="organizations_legalparameter_once"
            )
        ]

    def __str__(self):
        return f"{self.key} {self.valid_from}"


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a weekday that is free, or a weekend that is worked (调休).

    A year counts as known once it has such days; until then Monday to Friday are taken for working days, and every
    deadline in it is shown as assumed.
    """

    day = DayField(_("Day"), span=VALIDITY, primary_key=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=DayKind)
    name = models.CharField(_("Name"), max_length=40, blank=True)
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        verbose_name = _("Calendar day")
        verbose_name_plural = _("Calendar days")
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day} {self.kind}"
