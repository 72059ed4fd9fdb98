"""Earlier passwords of staff, as hashes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.fields import MomentField
from portal.members.models.people import Member


class PasswordHistory(models.Model):
    """An earlier password of a member as a hash; the last few are not accepted again."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    password = models.CharField(max_length=128)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Earlier password")
        verbose_name_plural = _("Earlier passwords")

    def __str__(self):
        return f"Earlier password {self.pk}"
