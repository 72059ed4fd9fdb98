"""How staff come by a password and a second factor. Nothing here opens an account when it is read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import EncryptedTextField, MomentField
from portal.members.choices import InvitationPurpose, RecoveryPurpose
from portal.members.models.people import Member


class Invitation(models.Model):
    """A one-time link to choose login name and password; the link is made of ``salt`` by key, only its hash is kept.

    It was made for the phone of ``phone_index`` and opens nothing once the member has another one. One that was handed
    over (``handed_at``; by ``handed_by``, or by the server without one) never went to that phone and proves nothing.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="invitations")
    purpose = models.CharField(_("Purpose"), max_length=10, choices=InvitationPurpose)
    phone_index = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    salt = models.CharField(max_length=32, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = MomentField(auto_now_add=True)
    expires_at = MomentField(_("Holds until"))
    used_at = MomentField(_("Used"), null=True)
    handed_at = MomentField(_("Handed over"), null=True, editable=False)
    handed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("Invitation")
        verbose_name_plural = _("Invitations")
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(used_at=None), name="members_invitation_open")
        ]

    def __str__(self):
        return f"Invitation {self.pk}"


class PasswordHistory(models.Model):
    """A password she had, as its hash: the last few are not taken again."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    password = models.CharField(max_length=128)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Earlier password")
        verbose_name_plural = _("Earlier passwords")

    def __str__(self):
        return f"Earlier password {self.pk}"


class Authenticator(models.Model):
    """The secret of an authenticator app (RFC 6238). It counts from ``confirmed_at`` on.

    ``last_step`` is the time step (30 s) of the last code taken: no code is taken twice.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="authenticators")
    secret = EncryptedTextField(max_length=64)
    confirmed_at = MomentField(null=True)
    last_step = models.BigIntegerField(default=0)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Authenticator")
        verbose_name_plural = _("Authenticators")
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(confirmed_at__isnull=False), name="members_authenticator_one"
            ),
            models.UniqueConstraint(
                fields=["member"], condition=Q(confirmed_at=None), name="members_authenticator_begun"
            ),
        ]

    def __str__(self):
        return f"Authenticator {self.pk}"


class RecoveryCode(models.Model):
    """A code on paper that is taken once; only its hash is kept.

    ``purpose`` FACTOR stands in for the authenticator of staff. ACCOUNT opens private pages after a change of phone;
    one that staff printed for the member (``handed_by``) opens none, because staff have seen it.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="recovery_codes")
    purpose = models.CharField(
        max_length=10, choices=RecoveryPurpose, default=RecoveryPurpose.FACTOR, db_default=RecoveryPurpose.FACTOR
    )
    handed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    code_hash = models.CharField(max_length=64)
    used_at = MomentField(null=True)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Recovery code")
        verbose_name_plural = _("Recovery codes")
        constraints = [
            models.UniqueConstraint(fields=["member", "code_hash"], name="members_recoverycode_once"),
        ]

    def __str__(self):
        return f"Recovery code {self.pk}"
