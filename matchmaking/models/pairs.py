"""Pairs (牵手): two participants who chose each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.pairs import PAIR_TRANSITIONS, PairState
from matchmaking.models.events import MatchEvent
from matchmaking.models.participations import Participation
from matchmaking.querysets.pairs import PairQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PAST
from portal.core.fields import DayField
from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from portal.members.models import Member


class Pair(models.Model):
    """Two people who chose each other (牵手); a person may be in several pairs.

    The pair belongs to the organiser of the event. What one of the two says about it (``one_says``, ``two_says``) is
    shown to nobody; ``state`` changes when both have said the same. ``quiet`` means that one of them wants no
    follow-up; which one (``one_quiet``, ``two_quiet``) is shown only to that person.
    """

    event = models.ForeignKey(MatchEvent, on_delete=models.PROTECT, related_name="pairs")
    one = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    two = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    held_on = DayField()
    state = StateField(PAIR_TRANSITIONS, default=PairState.HAND_HOLDING)
    one_says = models.CharField(max_length=20, choices=PairState, default=PairState.HAND_HOLDING, editable=False)
    two_says = models.CharField(max_length=20, choices=PairState, default=PairState.HAND_HOLDING, editable=False)
    one_registered_on = DayField(span=PAST, null=True, editable=False)
    two_registered_on = DayField(span=PAST, null=True, editable=False)
    registered_on = DayField(_("Marriage registered on"), span=PAST, null=True, editable=False)
    ended_on = DayField(_("Ended on"), null=True, editable=False)
    quiet = models.BooleanField(_("No follow-up wanted"), default=False, editable=False)
    one_quiet = models.BooleanField(default=False, editable=False)
    two_quiet = models.BooleanField(default=False, editable=False)

    if TYPE_CHECKING:
        # Set by ``PairQuerySet.with_apart`` and ``with_consents``.
        apart: bool
        one_contact: bool
        two_contact: bool
        one_matchmaker: bool
        two_matchmaker: bool

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("Pair")
        verbose_name_plural = _("Pairs")
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("two")), name="matchmaking_pair_order"),
            models.UniqueConstraint(fields=["one", "two"], name="matchmaking_pair_once"),
            models.CheckConstraint(
                condition=Q(state=PairState.REGISTERED, registered_on__isnull=False)
                | (~Q(state=PairState.REGISTERED) & Q(registered_on=None)),
                name="matchmaking_pair_registered",
            ),
        ]

    def __str__(self):
        return f"Pair {self.pk}"

    def other(self, member: Member) -> Participation:
        """Return the participation of the other person."""
        return self.two if self.one.member_id == member.pk else self.one

    def side(self, member: Member) -> str:
        """Return ``one`` or ``two``: the member's side."""
        return "one" if self.one.member_id == member.pk else "two"

    @property
    def is_over(self) -> bool:
        """Whether the two see nothing of each other any longer: the pair ended, or one of them left the event."""
        return self.state == PairState.ENDED or SignUpState.LEFT in (self.one.state, self.two.state)
