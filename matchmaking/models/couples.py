"""Models of couples who apply for a group wedding."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.couples import COUPLE_TRANSITIONS, LIVE_COUPLES, CoupleState
from matchmaking.models.weddings import GroupWedding
from matchmaking.querysets.couples import CoupleQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PAST
from portal.core.fields import DayField, MomentField


class WeddingCouple(models.Model):
    """Two people who want to take part in a group wedding; one asks, the other confirms.

    Until the other person confirms there is no ``partner``: ``partner_index`` is the blind index of the number that the
    asker typed, so that the row is the same whether the portal knows that number or not. ``refused_index`` is this
    index if the other person does not want to be asked by this asker again.
    """

    wedding = models.ForeignKey(GroupWedding, on_delete=models.PROTECT, related_name="couples")
    asker = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    partner_index = models.CharField(max_length=64, blank=True, editable=False)
    refused_index = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    pair = models.ForeignKey("matchmaking.Pair", on_delete=models.SET_NULL, null=True, related_name="+")
    registered_on = DayField(_("Marriage registered on"), span=PAST, null=True, blank=True)
    state = StateField(COUPLE_TRANSITIONS, default=CoupleState.ASKED)
    place = models.PositiveIntegerField(_("Position on the waiting list"), null=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=300, blank=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = CoupleQuerySet.as_manager()

    class Meta:
        verbose_name = _("Couple of a group wedding")
        verbose_name_plural = _("Couples of group weddings")
        indexes = [
            models.Index(
                fields=["partner_index"], condition=Q(state=CoupleState.ASKED), name="matchmaking_couple_asked"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(asker=F("partner")), name="matchmaking_couple_two"),
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | Q(state__in=[CoupleState.ASKED, CoupleState.WITHDRAWN]),
                name="matchmaking_couple_confirmed",
            ),
            models.UniqueConstraint(
                fields=["wedding", "asker"], condition=Q(state__in=LIVE_COUPLES), name="matchmaking_couple_asker"
            ),
            models.UniqueConstraint(
                fields=["wedding", "partner"], condition=Q(state__in=LIVE_COUPLES), name="matchmaking_couple_partner"
            ),
        ]

    def __str__(self):
        return f"Couple {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:couple-detail", args=[self.pk])

    def people_ids(self) -> set[int]:
        """The ids of the two people, or of the asker alone until the other has confirmed."""
        return {self.asker_id, self.partner_id} - {None}
