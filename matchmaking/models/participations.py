"""Participations: the sign-ups of members for an event."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import Pool
from matchmaking.models.events import MatchEvent
from matchmaking.models.matchmakers import EventMatchmaker
from matchmaking.querysets.participations import ParticipationQuerySet
from portal.core.fields import MomentField
from portal.signups.models import SignUp


class Participation(SignUp):
    """A person's sign-up for an event, with the card that the other list sees.

    The card shows number, age, a line and perhaps a photograph.
    """

    offering = models.ForeignKey(MatchEvent, on_delete=models.PROTECT, related_name="signups")
    unit = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Unit at the time of sign-up"),
        editable=False,
    )
    age = models.PositiveSmallIntegerField(_("Age on the day of the event"))
    line = models.CharField(_("One-line introduction"), max_length=120)
    photo = models.ForeignKey(
        "exchange.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    matchmaker = models.ForeignKey(
        EventMatchmaker, on_delete=models.SET_NULL, null=True, blank=True, related_name="participations", editable=False
    )

    consent_version = models.PositiveSmallIntegerField(default=1, editable=False)
    review_reason = models.CharField(_("Reason"), max_length=300, blank=True, editable=False)
    walk_in = models.BooleanField(_("Walk-in"), default=False, editable=False)
    code = models.CharField(_("Check-in code"), max_length=8, blank=True, editable=False)
    checked_in_at = MomentField(_("Checked in at"), null=True, editable=False)
    checked_in_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Participant")
        verbose_name_plural = _("Participants")
        constraints = [
            *SignUp.sign_up_constraints("matchmaking_participation"),
            models.UniqueConstraint(
                fields=["offering", "code"], condition=~Q(code=""), name="matchmaking_participation_code"
            ),
        ]
        indexes = [models.Index(fields=["offering", "pool", "state", "place"], name="matchmaking_lists")]

    def __str__(self):
        return f"Participant {self.pk}"

    def get_absolute_url(self) -> str:
        return self.offering.get_member_url()

    @property
    def number(self) -> str:
        """The number on the card: a letter for the list and the place in line, such as W012."""
        return f"{'M' if self.pool == Pool.MEN else 'W'}{self.place:03d}"
