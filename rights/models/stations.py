"""Rights stations (维权工作站) and the hours of duty at them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.fields import ClockField, MomentField
from rights.choices.stations import STATION_TRANSITIONS, HostKind, StationState, Weekday
from rights.querysets.stations import ShiftQuerySet, StationQuerySet


class RightsStation(models.Model):
    """A place hosted by another body where women workers get advice and are accompanied (domain.md S5)."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Managed by")
    )
    name = models.CharField(_("Name"), max_length=60)
    host_kind = models.CharField(_("Kind of host"), max_length=20, choices=HostKind)
    host = models.CharField(_("Host institution"), max_length=60)
    region = models.ForeignKey(
        "organizations.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("Region")
    )
    address = models.CharField(_("Address"), max_length=120)
    desk_phone = models.CharField(_("Phone of the station"), max_length=30, blank=True)
    hours = models.CharField(_("Opening hours"), max_length=120)
    notes = models.TextField(_("Notes"), max_length=600, blank=True)
    state = StateField(STATION_TRANSITIONS, default=StationState.OPEN)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Rights station")
        verbose_name_plural = _("Rights stations")
        ordering = ["region", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=~Q(state="ended"),
                name="rights_station_name",
                violation_error_message=_("There is already a station with this name in this region."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("rights:station-detail", args=[self.pk])


class StationShift(models.Model):
    """Hours of a weekday in which a member is on duty at a station."""

    station = models.ForeignKey(RightsStation, on_delete=models.CASCADE, related_name="shifts")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("On duty")
    )
    weekday = models.PositiveSmallIntegerField(_("Day of the week"), choices=Weekday)
    starts = ClockField(_("Begins at"))
    ends = ClockField(_("Ends at"))

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("Hours of duty")
        verbose_name_plural = _("Hours of duty")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="rights_shift_order",
                violation_error_message=_("The end must be later than the start."),
            )
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"

    def get_absolute_url(self):
        return self.station.get_absolute_url()
