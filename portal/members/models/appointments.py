"""Appointments, which a second person must approve."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import VALIDITY
from portal.core.fields import DayField, MomentField
from portal.core.roles import Role
from portal.members.choices import APPOINTMENT_TRANSITIONS, AppointmentState
from portal.members.models.duties import Duty
from portal.members.models.people import Member
from portal.members.querysets import AppointmentQuerySet


class Appointment(models.Model):
    """A duty that a second person must approve before it exists; until then it gives no right.

    ``replaces`` is the administrator's duty that ends with the approval. ``stand_in_for`` is as in Duty. ``waits_at``
    is the organisation whose people can decide the appointment now, since ``waits_since``: the nearest level with a
    second person.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("Member"))
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    role = models.CharField(_("Role"), max_length=30, choices=Role)
    valid_from = DayField(_("From"), span=VALIDITY)
    valid_until = DayField(_("Until (not included)"), span=VALIDITY, null=True, blank=True)
    stand_in_for = models.ForeignKey(Duty, on_delete=models.CASCADE, null=True, related_name="+")
    replaces = models.ForeignKey(
        Duty, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("Replaces")
    )
    state = StateField(APPOINTMENT_TRANSITIONS, default=AppointmentState.WAITING)
    waits_at = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Organisation that must approve"),
    )
    waits_since = MomentField(_("At this organisation since"), null=True)
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("Proposed by"))
    proposed_at = MomentField(_("Proposed at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = MomentField(_("Decided at"), null=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    duty = models.OneToOneField(
        Duty, on_delete=models.SET_NULL, null=True, related_name="appointment", verbose_name=_("Duty")
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Appointment")
        verbose_name_plural = _("Appointments")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "organization", "role"],
                condition=Q(state=AppointmentState.WAITING),
                name="members_appointment_once",
                violation_error_message=_("This appointment is already waiting for a second person."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")) | Q(state=AppointmentState.WITHDRAWN),
                name="members_appointment_second",
                violation_error_message=_("A person other than the proposer must decide."),
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("member")) & (Q(decided_by=None) | ~Q(decided_by=F("member"))),
                name="members_appointment_not_own",
                violation_error_message=_("You cannot appoint yourself."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="members_appointment_dates"
            ),
            models.CheckConstraint(
                condition=~Q(state=AppointmentState.REFUSED) | ~Q(reason=""),
                name="members_appointment_refused",
                violation_error_message=_("A rejection needs a reason."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["waits_at"], name="members_appointment_waiting", condition=Q(state=AppointmentState.WAITING)
            ),
        ]

    def __str__(self):
        return f"Appointment {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:appointment-detail", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == AppointmentState.WAITING
