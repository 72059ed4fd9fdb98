"""Who saw the person behind an account, changes of an account's phone, and appointments that need a second person."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import VALIDITY
from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.core.roles import Role
from portal.members.choices import (
    APPOINTMENT_TRANSITIONS,
    PHONE_CHANGE_TRANSITIONS,
    AppointmentState,
    PhoneChangeState,
    ProofMeans,
    SightingMeans,
)
from portal.members.models.people import Duty, Member
from portal.members.querysets import AppointmentQuerySet, PhoneChangeQuerySet


class PhoneChange(models.Model):
    """A new phone for an account. While it waits the account keeps the old one.

    Staff propose it, or the person asks for it. It takes effect by a proof of the person, by two members of staff who
    saw the person, or at ``due_at`` when nobody has objected. ``old_phone`` is kept for 30 days after that, so that the
    earlier number can still dispute the change. The code that stops it is made of ``salt`` by key when it is sent.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="phone_changes", verbose_name=_("Member"))
    state = StateField(PHONE_CHANGE_TRANSITIONS, default=PhoneChangeState.WAITING)
    phone = EncryptedTextField(_("New mobile number"), max_length=11, null=True)
    phone_index = models.CharField(max_length=64, editable=False)
    old_phone = EncryptedTextField(_("Earlier mobile number"), max_length=11, null=True)
    old_phone_index = models.CharField(max_length=64, blank=True, editable=False)
    salt = models.CharField(max_length=32, editable=False)
    means = models.CharField(_("Took effect by"), max_length=12, choices=ProofMeans, blank=True)
    proposed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Proposed by")
    )
    proposed_at = MomentField(_("Proposed at"), auto_now_add=True)
    due_at = MomentField(_("Takes effect without objection at"))
    settled_at = MomentField(_("Settled at"), null=True)

    objects = PhoneChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Change of mobile number")
        verbose_name_plural = _("Changes of mobile numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state=PhoneChangeState.WAITING), name="members_phonechange_one"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(proposed_by=F("member")), name="members_phonechange_by_staff"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="members_phonechange_due", condition=Q(state=PhoneChangeState.WAITING)
            ),
            models.Index(fields=["settled_at"], name="members_phonechange_kept", condition=Q(old_phone__isnull=False)),
        ]

    def __str__(self):
        return f"Change of mobile number {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:phone-change-detail", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == PhoneChangeState.WAITING


class Sighting(models.Model):
    """A member of staff saw the person with the phone of ``phone_index`` in hand and compared the document.

    It counts for that phone alone. ``from_outside``: the member of staff works above the person's unit or at another
    unit of the county; ``from_above``: above the unit.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sightings", verbose_name=_("Member"))
    phone_index = models.CharField(max_length=64, editable=False)
    seen_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("Seen by"))
    how = models.CharField(_("How"), max_length=10, choices=SightingMeans)
    from_outside = models.BooleanField(default=False)
    from_above = models.BooleanField(default=False)
    made_at = MomentField(_("Seen at"), auto_now_add=True)

    class Meta:
        verbose_name = _("Sighting")
        verbose_name_plural = _("Sightings")
        constraints = [
            models.UniqueConstraint(fields=["member", "phone_index", "seen_by"], name="members_sighting_once"),
            models.CheckConstraint(
                condition=~Q(seen_by=F("member")),
                name="members_sighting_other",
                violation_error_message=_("Nobody confirms their own account."),
            ),
        ]

    def __str__(self):
        return f"Sighting {self.pk}"


class Appointment(models.Model):
    """A duty that a second person must approve before it exists. It gives no right.

    ``replaces`` is the administrator's duty that ends with the approval. ``stand_in_for`` is as in Duty. ``waits_at``
    is the organisation whose people have it now, since ``waits_since``: the nearest level with a second person.
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
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Waits at")
    )
    waits_since = MomentField(_("Waits there since"), null=True)
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
                violation_error_message=_("This appointment waits for a second person already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")) | Q(state=AppointmentState.WITHDRAWN),
                name="members_appointment_second",
                violation_error_message=_("Another person than the proposer decides."),
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("member")) & (Q(decided_by=None) | ~Q(decided_by=F("member"))),
                name="members_appointment_not_own",
                violation_error_message=_("Nobody appoints herself."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="members_appointment_dates"
            ),
            models.CheckConstraint(
                condition=~Q(state=AppointmentState.REFUSED) | ~Q(reason=""),
                name="members_appointment_refused",
                violation_error_message=_("A refusal says why."),
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
