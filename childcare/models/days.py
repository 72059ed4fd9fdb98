"""The days of a class term: the attendance of the children and the presence of the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childcare.choices.days import ATTENDANCE_TRANSITIONS, Absence, AttendanceState
from childcare.models.enrolments import Enrolment
from childcare.models.sites import CareStaff
from childcare.models.terms import ClassTerm
from childcare.querysets.days import AttendanceQuerySet, ClassDayQuerySet, StaffPresenceQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.fields import DayField, MomentField

if TYPE_CHECKING:
    from typing import Any


class ClassDay(models.Model):
    """One day of a class term, opened by the clock on the morning.

    ``left_open`` is what was not settled when the day was closed: the children still expected or not collected.
    """

    if TYPE_CHECKING:
        rows: AttendanceQuerySet
        presences: StaffPresenceQuerySet
        outings: Any

    term = models.ForeignKey(ClassTerm, on_delete=models.PROTECT, related_name="days", verbose_name=_("Class term"))
    on = DayField(_("Day"), span=PLANNED)
    closed_at = MomentField(_("Closed at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    left_open = models.PositiveSmallIntegerField(_("Left open"), default=0, editable=False)
    ratio_told_at = MomentField(null=True, editable=False)

    objects = ClassDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("Day of a class")
        verbose_name_plural = _("Days of classes")
        ordering = ["-on", "pk"]
        constraints = [models.UniqueConstraint(fields=["term", "on"], name="childcare_day_once")]

    def __str__(self) -> str:
        return f"{self.term} {self.on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("childcare:day-show", args=[self.pk])


class Attendance(models.Model):
    """Whether a child came on a day of its class: one row for each child and day.

    ``arrived_by`` and ``left_by`` are the teachers who entered it. ``undone_at``: the last moment at which an entry was
    taken back; what was tapped before it and arrives later does not count. ``alert_level`` is how far up the alert
    about an unexplained absence has gone, 0 for no alert (childcare/services/alerts.py).
    """

    day = models.ForeignKey(ClassDay, on_delete=models.CASCADE, related_name="rows", verbose_name=_("Day of a class"))
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendances")
    state = StateField(ATTENDANCE_TRANSITIONS, default=AttendanceState.EXPECTED)
    absence = models.CharField(_("Why absent"), max_length=10, choices=Absence, blank=True)
    told_at = MomentField(_("Absence told at"), null=True, editable=False)
    arrived_at = MomentField(_("Arrived at"), null=True, editable=False)
    arrived_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    left_at = MomentField(_("Left at"), null=True, editable=False)
    left_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    undone_at = MomentField(null=True, editable=False)
    alert_level = models.PositiveSmallIntegerField(default=0, editable=False)
    alerted_at = MomentField(null=True, editable=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Attendance of a child")
        verbose_name_plural = _("Attendance of children")
        constraints = [
            models.UniqueConstraint(fields=["day", "enrolment"], name="childcare_attendance_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[AttendanceState.EXPECTED, AttendanceState.AWAY],
                    arrived_at__isnull=True,
                    left_at__isnull=True,
                )
                | Q(state=AttendanceState.HERE, arrived_at__isnull=False, left_at__isnull=True)
                | Q(state=AttendanceState.COLLECTED, arrived_at__isnull=False, left_at__isnull=False),
                name="childcare_attendance_times",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")), name="childcare_attendance_order"
            ),
            models.CheckConstraint(
                condition=~Q(state=AttendanceState.AWAY) | ~Q(absence=""), name="childcare_attendance_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Attendance {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("childcare:attendance-show", args=[self.pk])


class StaffPresence(models.Model):
    """When somebody of the staff was with the class; ``counts`` is false while at a training elsewhere."""

    day = models.ForeignKey(
        ClassDay, on_delete=models.CASCADE, related_name="presences", verbose_name=_("Day of a class")
    )
    staff = models.ForeignKey(CareStaff, on_delete=models.CASCADE, related_name="presences")
    came_at = MomentField(_("Came at"))
    left_at = MomentField(_("Left at"), null=True, editable=False)
    counts = models.BooleanField(_("With the children"), default=True)

    objects = StaffPresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Presence of staff")
        verbose_name_plural = _("Presences of staff")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "staff"], condition=Q(left_at__isnull=True), name="childcare_presence_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")), name="childcare_presence_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Presence {self.pk}"

    def get_absolute_url(self) -> str:
        return self.day.get_absolute_url()
