"""The seating plan of an event: who sits with whom in each round."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matchmaking.models.events import MatchEvent
from matchmaking.models.participations import Participation
from portal.core.fields import MomentField


class SeatPlan(models.Model):
    """A seating plan, round by round; the latest plan of an event is valid."""

    event = models.OneToOneField(MatchEvent, on_delete=models.CASCADE, related_name="seat_plan")
    rounds = models.PositiveSmallIntegerField(_("Rounds"))
    tables = models.PositiveSmallIntegerField(_("Number of tables"))
    current = models.PositiveSmallIntegerField(_("Current round"), default=0, editable=False)
    begun_at = MomentField(null=True, editable=False)
    made_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    made_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Round plan")
        verbose_name_plural = _("Round plans")

    def __str__(self):
        return f"Round plan {self.pk}"


class Seat(models.Model):
    """Two people at one table in one round."""

    plan = models.ForeignKey(SeatPlan, on_delete=models.CASCADE, related_name="seats")
    round_number = models.PositiveSmallIntegerField(_("Round"))
    table_number = models.PositiveSmallIntegerField(_("Table"))
    man = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="+")
    woman = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("Seat")
        verbose_name_plural = _("Seats")
        constraints = [
            models.UniqueConstraint(fields=["plan", "round_number", "man"], name="matchmaking_seat_man"),
            models.UniqueConstraint(fields=["plan", "round_number", "woman"], name="matchmaking_seat_woman"),
            models.UniqueConstraint(fields=["plan", "round_number", "table_number"], name="matchmaking_seat_table"),
            models.UniqueConstraint(fields=["plan", "man", "woman"], name="matchmaking_seat_once"),
        ]

    def __str__(self):
        return f"Seat {self.pk}"
