"""The codes for signing in and for other confirmations by phone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.fields import EncryptedTextField, MomentField
from portal.members.choices import CodePurpose
from portal.members.models.people import Member


class SignInCode(models.Model):
    """A one-time code, stored as a hash alone; it allows five minutes, five tries and one use."""

    purpose = models.CharField(max_length=10, choices=CodePurpose)
    phone = EncryptedTextField(max_length=11)
    phone_index = models.CharField(max_length=64)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True)
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = MomentField(auto_now_add=True)
    expires_at = MomentField(db_index=True)
    confirmed_at = MomentField(null=True)
    used_at = MomentField(null=True)

    class Meta:
        verbose_name = _("Sign-in code")
        verbose_name_plural = _("Sign-in codes")

    def __str__(self):
        return f"Sign-in code {self.pk}"
