"""Whom a unit vouches for, whom it asks to take over from another, and what goes on when a duty ends."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import VALIDITY
from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.members.choices import TRANSFER_TRANSITIONS, VOUCHING_TRANSITIONS, TransferState, VouchingState
from portal.members.models.people import Duty, Member
from portal.members.querysets import HandOverQuerySet, TransferQuerySet, VouchingQuerySet


class Vouching(models.Model):
    """A unit's word that a person belongs to it: who gave it, when, until when.

    Somebody on no roster asks with name, identity number and confirmed phone; these are erased with the decision.
    ``member`` is the person on the roster once there is one.
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
    asked_at = MomentField(_("Asked on"), auto_now_add=True)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = MomentField(_("Decided on"), null=True)
    until = DayField(_("Holds until (not included)"), span=VALIDITY, null=True)
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
                violation_error_message=_("You have asked a unit already; it has not answered yet."),
            ),
            models.CheckConstraint(
                condition=~Q(state=VouchingState.VOUCHED)
                | Q(member__isnull=False, until__isnull=False, decided_by__isnull=False),
                name="members_vouching_vouched",
            ),
            models.CheckConstraint(
                condition=~Q(state=VouchingState.REFUSED) | ~Q(reason=""),
                name="members_vouching_refused",
                violation_error_message=_("A refusal says why."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(member=None) | ~Q(decided_by=F("member")),
                name="members_vouching_not_own",
                violation_error_message=_("Nobody vouches for herself."),
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


class Transfer(models.Model):
    """A unit asks for a person whose identity number stands on another roster; that unit or she herself confirms.

    ``from_organization`` is her unit when it was asked; None where she belonged to none. ``vouching`` is the request of
    hers that made the unit ask.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Unit that asks")
    )
    from_organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Unit she leaves"),
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("Member"))
    vouching = models.ForeignKey(Vouching, on_delete=models.SET_NULL, null=True, related_name="+")
    state = StateField(TRANSFER_TRANSITIONS, default=TransferState.ASKED)
    asked_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Asked by")
    )
    asked_at = MomentField(_("Asked on"), auto_now_add=True)
    due_on = DayField(_("Due on"))
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = MomentField(_("Decided on"), null=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("Transfer")
        verbose_name_plural = _("Transfers")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "member"],
                condition=Q(state=TransferState.ASKED),
                name="members_transfer_asked_once",
                violation_error_message=_("Your unit has asked for this person already."),
            ),
            models.CheckConstraint(
                condition=~Q(state=TransferState.REFUSED) | ~Q(reason=""),
                name="members_transfer_refused",
                violation_error_message=_("A refusal says why."),
            ),
            models.CheckConstraint(
                condition=Q(from_organization=None) | ~Q(from_organization=F("organization")),
                name="members_transfer_moves",
                violation_error_message=_("This person is on the roster of this unit already."),
            ),
        ]
        indexes = [
            models.Index(fields=["from_organization", "state"], name="members_transfer_waiting"),
            models.Index(fields=["due_on"], name="members_transfer_due", condition=Q(state=TransferState.ASKED)),
        ]

    def __str__(self):
        return f"Transfer {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:transfer-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == TransferState.ASKED


class HandOver(models.Model):
    """Something that waited for a person when her duty ended; ``key`` is the address of the page that settles it.

    ``successor`` has taken it on by name; without one the level above sees that nobody has it. It gives no right.
    """

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="hand_overs", verbose_name=_("Duty"))
    key = models.CharField(max_length=200)
    successor = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Successor")
    )
    given_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = MomentField(auto_now_add=True)
    ended_at = MomentField(null=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("Hand-over")
        verbose_name_plural = _("Hand-overs")
        constraints = [
            models.UniqueConstraint(fields=["duty", "key"], condition=Q(ended_at=None), name="members_handover_once")
        ]
        indexes = [models.Index(fields=["successor"], name="members_handover_open", condition=Q(ended_at=None))]

    def __str__(self):
        return f"Hand-over {self.pk}"
