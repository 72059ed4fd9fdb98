"""Models of the matchmakers of an event."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matchmaking.models.events import MatchEvent
from matchmaking.querysets.matchmakers import EventMatchmakerQuerySet
from portal.members.models import Assignment


class EventMatchmaker(Assignment):
    """A volunteer who accompanies some of the participants of an event."""

    event = models.ForeignKey(MatchEvent, on_delete=models.PROTECT, related_name="matchmakers")

    objects = EventMatchmakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Matchmaker")
        verbose_name_plural = _("Matchmakers")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "member"],
                condition=Q(valid_until=None),
                name="matchmaking_matchmaker_once",
                violation_error_message=_("This person is already a matchmaker of this event."),
            )
        ]

    def __str__(self):
        return f"Matchmaker {self.pk}"
