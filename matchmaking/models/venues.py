"""Models of venues."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.venues import VenueKind
from matchmaking.querysets.venues import VenueQuerySet
from portal.core.fields import MomentField


class Venue(models.Model):
    """A venue for events; no two events use it at the same time (a constraint of the events)."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Entered by")
    )
    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=20, choices=VenueKind)
    region = models.ForeignKey(
        "organizations.Region", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Region")
    )
    address = models.CharField(_("Address"), max_length=120)
    capacity = models.PositiveIntegerField(_("Capacity"))
    desk_phone = models.CharField(_("Venue phone"), max_length=30, blank=True)
    notes = models.TextField(_("Notes"), max_length=600, blank=True)
    active = models.BooleanField(_("In use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("Venue")
        verbose_name_plural = _("Venues")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="matchmaking_venue_name",
                violation_error_message=_("A venue with this name already exists in this region."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=2, capacity__lte=20000),
                name="matchmaking_venue_capacity",
                violation_error_message=_("The capacity of a venue must be between 2 and 20,000 people."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:venue-detail", args=[self.pk])
