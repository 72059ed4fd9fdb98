"""Changes of the phone number of an account."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.fields import EncryptedTextField, MomentField
from portal.members.choices import PHONE_CHANGE_TRANSITIONS, PhoneChangeState, ProofMeans
from portal.members.models.people import Member
from portal.members.querysets import PhoneChangeQuerySet


class PhoneChange(models.Model):
    """A new phone for an account, which keeps the old one while the change waits.

    Staff propose the change, or the member requests it. It takes effect by a proof of the person, by two members of
    staff who saw the person, or at ``due_at`` when nobody has objected. ``old_phone`` is kept for 30 days after that,
    so that the earlier number can still dispute the change. The code that stops the change is derived by key from
    ``salt`` when it is sent.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="phone_changes", verbose_name=_("Member"))
    state = StateField(PHONE_CHANGE_TRANSITIONS, default=PhoneChangeState.WAITING)
    phone = EncryptedTextField(_("New mobile number"), max_length=11, null=True)
    phone_index = models.CharField(max_length=64, editable=False)
    old_phone = EncryptedTextField(_("Earlier mobile number"), max_length=11, null=True)
    old_phone_index = models.CharField(max_length=64, blank=True, editable=False)
    salt = models.CharField(max_length=32, editable=False)
    means = models.CharField(_("How it took effect"), max_length=12, choices=ProofMeans, blank=True)
    proposed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Proposed by")
    )
    proposed_at = MomentField(_("Proposed at"), auto_now_add=True)
    due_at = MomentField(_("Takes effect, if there is no objection, at"))
    settled_at = MomentField(_("Completed at"), null=True)

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
