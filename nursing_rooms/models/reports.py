"""What visitors report at the door of a room, and how many came; neither says who."""

from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.reports import REPORT_TRANSITIONS, ReportState, Trouble
from nursing_rooms.models.rooms import NursingRoom
from nursing_rooms.querysets.reports import RoomReportQuerySet
from nursing_rooms.querysets.rooms import OfRoomQuerySet
from portal.audit.gate import StateField
from portal.core.fields import DayField, MomentField


class RoomReport(models.Model):
    """One kind of trouble at one room; taps of the same kind add to it while it is open.

    ``organization`` must act: the union responsible for the room, or the level above it for reports that bypass the
    manager. Nothing leads to the person who reported.
    """

    room = models.ForeignKey(NursingRoom, on_delete=models.CASCADE, related_name="reports", verbose_name=_("Room"))
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Responsible")
    )
    trouble = models.CharField(_("Trouble"), max_length=20, choices=Trouble)
    bypasses = models.BooleanField(_("Not shown to the manager"), default=False, editable=False)
    taps = models.PositiveIntegerField(_("Taps"), default=1)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    state = StateField(REPORT_TRANSITIONS, default=ReportState.OPEN)
    first_on = DayField(_("First reported on"))
    last_on = DayField(_("Last reported on"))
    due_on = DayField(_("Due"))
    answer = models.CharField(_("What was done"), max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Settled by")
    )
    settled_at = MomentField(_("Settled at"), null=True)
    # How often "no fault found" was answered; a second report after one is not answered so again.
    cleared = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = RoomReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Report from the door")
        verbose_name_plural = _("Reports from the door")
        constraints = [
            models.UniqueConstraint(
                fields=["room", "trouble"], condition=Q(state="open"), name="nursing_rooms_report_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "state", "due_on"], name="nursing_rooms_report_list")]

    def __str__(self):
        return f"Report {self.pk}"

    def get_absolute_url(self):
        return reverse("nursing_rooms:report-detail", args=[self.pk])

    @property
    def created_at(self):
        """The begin of the day of the first report; the moment is not stored, because it would lead to the visitor."""
        return timezone.make_aware(datetime.combine(self.first_on, time()))


class RoomDay(models.Model):
    """How many visits a room had on a day, and how many visitors found it in order.

    ``marked``: the ceiling of taps was reached, so the number of the door is not reliable.
    """

    room = models.ForeignKey(NursingRoom, on_delete=models.CASCADE, related_name="days")
    on = DayField(_("Day"))
    taps = models.PositiveIntegerField(_("Visits counted at the door"), default=0)
    fine = models.PositiveIntegerField(_("Visitors who found all in order"), default=0)
    marked = models.BooleanField(_("Ceiling reached"), default=False)

    objects = OfRoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("Visits of a day")
        verbose_name_plural = _("Visits by day")
        constraints = [models.UniqueConstraint(fields=["room", "on"], name="nursing_rooms_day_once")]

    def __str__(self):
        return f"{self.room_id} {self.on}"

    def get_absolute_url(self):
        return self.room.get_absolute_url()
