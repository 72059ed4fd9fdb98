"""Sightings: which members of staff saw the person behind an account."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import MomentField
from portal.members.choices import SightingMeans
from portal.members.models.people import Member


class Sighting(models.Model):
    """A member of staff saw the person with the phone of ``phone_index`` and compared the document.

    The person had the phone in hand.

    The sighting counts for that phone alone. ``from_outside`` means that the member of staff works above the person's
    unit or at another unit of the county, ``from_above`` that they work above the unit.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sightings", verbose_name=_("Member"))
    phone_index = models.CharField(max_length=64, editable=False)
    seen_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("Seen in person by"))
    how = models.CharField(_("How"), max_length=10, choices=SightingMeans)
    from_outside = models.BooleanField(default=False)
    from_above = models.BooleanField(default=False)
    made_at = MomentField(_("Seen in person at"), auto_now_add=True)

    class Meta:
        verbose_name = _("In-person check")
        verbose_name_plural = _("In-person checks")
        constraints = [
            models.UniqueConstraint(fields=["member", "phone_index", "seen_by"], name="members_sighting_once"),
            models.CheckConstraint(
                condition=~Q(seen_by=F("member")),
                name="members_sighting_other",
                violation_error_message=_("You cannot confirm your own account."),
            ),
        ]

    def __str__(self):
        return f"Sighting {self.pk}"
