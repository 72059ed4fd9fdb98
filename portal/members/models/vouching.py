"""Vouching: a unit states that a person is its member."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import VALIDITY
from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.members.choices import VOUCHING_TRANSITIONS, VouchingState
from portal.members.models.people import Member
from portal.members.querysets import VouchingQuerySet


class Vouching(models.Model):
    """A unit's statement that a person is its member: who made it, when, and until when it holds.

    A person on no roster asks for it with name, identity number and confirmed phone; these are erased with the
    decision. ``member`` is the roster entry of the person once there is one.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="vouchings", verbose_name=_("Member")
    )
    state = StateField(VOUCHING_TRANSITIONS, default=VouchingState.ASKED)
    name = EncryptedTextField(_("Full name"), max_length=60, null=True)
    identity_number = EncryptedTextField(_("Identity number"), max_length=30, null=True)
    phone = EncryptedTextField(_("Mobile number"), max_length=11, null=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    asked_at = MomentField(_("Requested on"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = MomentField(_("Decided on"), null=True)
    until = DayField(_("Valid until (not included)"), span=VALIDITY, null=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    objects = VouchingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vouching")
        verbose_name_plural = _("Vouchings")
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=Q(state=VouchingState.ASKED) & ~Q(phone_index=""),
                name="members_vouching_asked_once",
                violation_error_message=_("You have already sent a request to a unit; it has not answered yet."),
            ),
            models.CheckConstraint(
                condition=~Q(state=VouchingState.VOUCHED)
                | Q(member__isnull=False, until__isnull=False, decided_by__isnull=False),
                name="members_vouching_vouched",
            ),
            models.CheckConstraint(
                condition=~Q(state=VouchingState.REFUSED) | ~Q(reason=""),
                name="members_vouching_refused",
                violation_error_message=_("A rejection needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(member=None) | ~Q(decided_by=F("member")),
                name="members_vouching_not_own",
                violation_error_message=_("You cannot vouch for yourself."),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state"], name="members_vouching_waiting"),
            models.Index(fields=["until"], name="members_vouching_until", condition=Q(state=VouchingState.VOUCHED)),
        ]

    def __str__(self):
        return f"Vouching {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:vouching-detail", args=[self.pk])
