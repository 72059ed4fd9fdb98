"""Nurseries of employers (用人单位托育点) and their places by age band."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childcare.choices.nurseries import AgeBand, NurseryMode
from childcare.querysets.nurseries import NurseryPlacesQuerySet, NurseryQuerySet
from portal.core.bounds import PAST
from portal.core.fields import AmountField, DayField, MomentField
from portal.locations.models import Located
from portal.locations.sphere import nearest_index


class Nursery(Located):
    """A nursery for children under three (domain.md S12), filed with the county's health office (人口与计划生育法 28).

    It counts from ``opened_on`` until before ``closed_on``.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Managed by")
    )
    name = models.CharField(_("Name"), max_length=60)
    mode = models.CharField(_("Mode"), max_length=14, choices=NurseryMode)
    employer = models.CharField(_("Employer"), max_length=100)
    region = models.ForeignKey(
        "organizations.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("Region")
    )
    address = models.CharField(_("Address"), max_length=120)
    phone = models.CharField(_("Phone of the nursery"), max_length=30, blank=True)
    filing_number = models.CharField(
        _("Filing number"), max_length=60, blank=True, help_text=_("Empty as long as it is not filed.")
    )
    opened_on = DayField(_("Opened on"), span=PAST)
    closed_on = DayField(_("Closed on"), span=PAST, null=True, blank=True)
    fee = AmountField(
        _("Monthly fee in yuan"), max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    awards = models.CharField(_("Awards"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = NurseryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nursery")
        verbose_name_plural = _("Nurseries")
        ordering = ["region", "name", "pk"]
        constraints = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(closed_on__isnull=True),
                name="childcare_nursery_name",
                violation_error_message=_("There is already a nursery with this name in this region."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="childcare_nursery_days",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        indexes = [nearest_index("childcare_nursery_place")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("childcare:nursery-detail", args=[self.pk])


class NurseryPlaces(models.Model):
    """The places of a nursery in one age band, with the numbers of children and of carers."""

    nursery = models.ForeignKey(Nursery, on_delete=models.CASCADE, related_name="bands", verbose_name=_("Nursery"))
    band = models.CharField(_("Age band"), max_length=8, choices=AgeBand)
    groups = models.PositiveSmallIntegerField(_("Groups"), validators=[MinValueValidator(1)])
    places = models.PositiveSmallIntegerField(_("Places"))
    enrolled = models.PositiveSmallIntegerField(_("Children enrolled"))
    carers = models.PositiveSmallIntegerField(_("Carers"))

    objects = NurseryPlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("Places of an age band")
        verbose_name_plural = _("Places by age band")
        ordering = ["nursery", "band"]
        constraints = [
            models.UniqueConstraint(fields=["nursery", "band"], name="childcare_nursery_band"),
            models.CheckConstraint(
                condition=Q(enrolled__lte=F("places")),
                name="childcare_nursery_places",
                violation_error_message=_("More children are enrolled than there are places."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nursery} {self.get_band_display()}"

    def get_absolute_url(self) -> str:
        return self.nursery.get_absolute_url()
