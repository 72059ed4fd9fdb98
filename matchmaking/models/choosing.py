"""The choice round: secret choices, sealed until the reveal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matchmaking.models.events import MatchEvent
from matchmaking.models.participations import Participation
from matchmaking.querysets.choosing import ChoiceQuerySet
from portal.core.fields import MomentField


class ChoiceRound(models.Model):
    """The hours in which participants choose.

    Its key is kept outside the database and destroyed at the reveal.
    """

    event = models.OneToOneField(MatchEvent, on_delete=models.PROTECT, related_name="round")
    opened_at = MomentField(auto_now_add=True)
    revealed_at = MomentField(null=True)

    class Meta:
        verbose_name = _("Choice round")
        verbose_name_plural = _("Choice rounds")

    def __str__(self):
        return f"Choice round {self.pk}"


class Choice(models.Model):
    """A secret choice; no column holds the chosen person.

    ``token`` is the HMAC-SHA-256, under the round's key, of the ids of the two participants in ascending order, so that
    a mutual choice is the same token from two choosers.
    """

    round = models.ForeignKey(ChoiceRound, on_delete=models.CASCADE, related_name="choices")
    chooser = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="choices")
    rank = models.PositiveSmallIntegerField()
    token = models.BinaryField(max_length=32)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Choice")
        verbose_name_plural = _("Choices")
        constraints = [
            models.UniqueConstraint(fields=["round", "chooser", "rank"], name="matchmaking_choice_rank"),
            models.UniqueConstraint(fields=["round", "chooser", "token"], name="matchmaking_choice_once"),
        ]

    def __str__(self):
        return f"Choice {self.pk}"
