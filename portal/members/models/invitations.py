"""Invitations by which staff choose a password.

Reading these rows does not suffice to open an account.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import MomentField
from portal.members.choices import InvitationPurpose
from portal.members.models.people import Member


class Invitation(models.Model):
    """A one-time link to choose login name and password.

    The link is derived by key from ``salt``; only its hash is stored. It was made for the phone of ``phone_index`` and
    opens nothing once the member has another phone. An invitation handed over in person (``handed_at``; by
    ``handed_by``, or by the server where that is empty) never went to that phone and proves nothing.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="invitations")
    purpose = models.CharField(_("Purpose"), max_length=10, choices=InvitationPurpose)
    phone_index = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    salt = models.CharField(max_length=32, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = MomentField(auto_now_add=True)
    expires_at = MomentField(_("Expires at"))
    used_at = MomentField(_("Used at"), null=True)
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
