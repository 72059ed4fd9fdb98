"""Models of partners of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.partners import PartnerKind
from matchmaking.querysets.partners import PartnerQuerySet


class EventPartner(models.Model):
    """A partner that holds an event together with the lead organiser.

    A union that is a partner sees its share as a figure.
    """

    event = models.ForeignKey("matchmaking.MatchEvent", on_delete=models.CASCADE, related_name="partners")
    kind = models.CharField(_("Kind"), max_length=20, choices=PartnerKind)
    name = models.CharField(_("Name"), max_length=60)
    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Union"),
    )
    contribution = models.CharField(_("Contribution"), max_length=120, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Partner")
        verbose_name_plural = _("Partners")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                name="matchmaking_partner_once",
                violation_error_message=_("This partner is already on the list."),
            )
        ]

    def __str__(self):
        return self.name
