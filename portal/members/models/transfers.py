"""Transfers: requests of a unit to take over a member from another unit."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.fields import DayField, MomentField
from portal.members.choices import TRANSFER_TRANSITIONS, TransferState
from portal.members.models.people import Member
from portal.members.models.vouching import Vouching
from portal.members.querysets import TransferQuerySet


class Transfer(models.Model):
    """A unit's request for a member who is on another roster; that unit or the member decides.

    The unit names the member by identity number. ``from_organization`` is the member's unit at the time of the request;
    None where the member belonged to none. ``vouching`` is the member's request to be vouched for that led to the
    transfer.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Requesting unit")
    )
    from_organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Previous unit"),
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("Member"))
    vouching = models.ForeignKey(Vouching, on_delete=models.SET_NULL, null=True, related_name="+")
    state = StateField(TRANSFER_TRANSITIONS, default=TransferState.ASKED)
    asked_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Requested by")
    )
    asked_at = MomentField(_("Requested on"), auto_now_add=True)
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
                violation_error_message=_("Your unit has already requested the transfer of this person."),
            ),
            models.CheckConstraint(
                condition=~Q(state=TransferState.REFUSED) | ~Q(reason=""),
                name="members_transfer_refused",
                violation_error_message=_("A rejection needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(from_organization=None) | ~Q(from_organization=F("organization")),
                name="members_transfer_moves",
                violation_error_message=_("This person is already on the roster of this unit."),
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
