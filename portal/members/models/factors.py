"""Second factors of staff: authenticator apps and recovery codes.

Reading these rows does not suffice to open an account.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import EncryptedTextField, MomentField
from portal.members.choices import RecoveryPurpose
from portal.members.models.people import Member


class Authenticator(models.Model):
    """The secret of an authenticator app (RFC 6238); it is valid from ``confirmed_at`` on.

    ``last_step`` is the time step (30 s) of the last accepted code: no code is accepted twice.
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
    """A recovery code on paper that works once; only its hash is stored.

    A code with ``purpose`` FACTOR replaces the authenticator of staff. A code with ACCOUNT opens private pages after a
    change of phone; if staff printed it for the member (``handed_by``), it opens none, because staff have seen it.
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
