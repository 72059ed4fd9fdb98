"""The tree of union organisations, its history, and the administrative regions."""

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
    """An administrative region by its six-digit code (GB/T 2260); a row has dates because names change.

    A ``statistical`` row is not offered as the place of anything. Provinces other than the portal's own are such rows:
    legal parameters belong to them.
    """

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
    """A company or institution whose workers organise.

    An employer may have several organisations, an organisation has at most one employer. ``organization`` registered
    the employer and edits it.
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
                violation_error_message=_("An employer with this social credit code is already registered."),
            ),
        ]
        indexes = [models.Index(fields=["pinyin", "id"], name="organizations_employer_pinyin")]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:employer-detail", args=[self.pk])


class Organization(models.Model):
    """A union organisation.

    ``path`` consists of the ids from the root with a closing slash, such as ``/1/14/203/``.
    """

    kind = models.CharField(_("Kind"), max_length=20, choices=OrganizationKind)
    name = models.CharField(_("Name"), max_length=100)
    short_name = models.CharField(_("Short name"), max_length=30, blank=True)
    pinyin = models.CharField(max_length=100, editable=False)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Parent organisation"),
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
                violation_error_message=_("The closing date must not be earlier than the founding date."),
            ),
            models.CheckConstraint(
                condition=Q(kind=OrganizationKind.PROVINCE, parent=None)
                | (~Q(kind=OrganizationKind.PROVINCE) & Q(parent__isnull=False)),
                name="organizations_organization_root",
                violation_error_message=_("Only the provincial federation has no parent organisation."),
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(closed_on=None),
                name="organizations_organization_name",
                violation_error_message=_("There is already an open organisation with this name here."),
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
        """Return the level of the union in the tree."""
        return LEVELS[OrganizationKind(self.kind)]

    @property
    def ancestor_ids(self) -> list[int]:
        """Return the ids from the root down to the parent."""
        return [int(part) for part in self.path.strip("/").split("/")[:-1]]

    @property
    def label(self) -> str:
        """Return the short name, or the full name where there is none."""
        return self.short_name or self.name


class OrganizationLine(models.Model):
    """The line of reporting (path) from ``valid_from`` until before ``valid_until``.

    Only services write it.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="lines")
    path = PathField(max_length=255)
    valid_from = DayField(span=VALIDITY)
    valid_until = DayField(span=VALIDITY, null=True)

    class Meta:
        verbose_name = _("Reporting line")
        verbose_name_plural = _("Reporting lines")
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
    """One term of the women's committee of an organisation, or of its commissioner; each term is a row.

    ``chair_post`` is the other post of the chair, such as deputy chair of the union.
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
    chair_post = models.CharField(_("Other position of the chair"), max_length=60, blank=True)
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
                violation_error_message=_("A term must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(founded_on=None) | Q(founded_on__lte=F("term_from")),
                name="organizations_committee_founded",
                violation_error_message=_("The founding date must not be later than the day this term begins."),
            ),
            models.CheckConstraint(
                condition=Q(term_years=None) | Q(term_years__gte=1, term_years__lte=10),
                name="organizations_committee_years",
                violation_error_message=_("A term must last between 1 and 10 years."),
            ),
        ]

    def __str__(self):
        return f"Committee {self.pk}"


class HeadCount(models.Model):
    """The numbers of workers and members of an organisation on a day, and of the women among them."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="head_counts")
    on = DayField(_("As of"), span=VALIDITY)
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
                violation_error_message=_("There cannot be more women than people."),
            ),
        ]

    def __str__(self):
        return f"Head count {self.pk}"


class LegalParameter(models.Model):
    """A number from the law that is in force from a day on, for the nation or one region.

    Legal numbers are kept here and never in code. ``verified`` says that somebody compared the number with the text in
    force; until then pages show it as to be confirmed.
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
    """An exception to a weekday: a weekday that is free, or a weekend day that is worked (调休).

    A year is known once it has such days. Until then Monday to Friday count as working days, and every deadline in that
    year is shown as assumed.
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
