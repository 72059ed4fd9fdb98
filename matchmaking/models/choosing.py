"""Secret choices, the pairs they made, and who sits with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.after import PAIR_TRANSITIONS, PairState
from matchmaking.models.events import MatchEvent, Participation
from matchmaking.querysets.events import ChoiceQuerySet, PairQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PAST
from portal.core.fields import DayField, MomentField
from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from portal.members.models import Member


class ChoiceRound(models.Model):
    """The time in which people choose. Its key lies outside the database and is destroyed at the reveal."""

    event = models.OneToOneField(MatchEvent, on_delete=models.PROTECT, related_name="round")
    opened_at = MomentField(auto_now_add=True)
    revealed_at = MomentField(null=True)

    class Meta:
        verbose_name = _("Choice round")
        verbose_name_plural = _("Choice rounds")

    def __str__(self):
        return f"Choice round {self.pk}"


class Choice(models.Model):
    """A secret choice. The chosen person stands in no column: ``token`` is the HMAC-SHA-256, under the round's key, of
    the ids of the two participants in ascending order, so that a mutual choice is one token from two choosers.
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


class Pair(models.Model):
    """Two people who chose each other (牵手). A person may be in several pairs.

    It belongs to the organiser of the event. What one of the two says of it (``one_says``, ``two_says``) is shown to
    nobody; ``state`` goes on when both have said so. ``quiet`` says that one of them wants no follow-up; which of them
    (``one_quiet``, ``two_quiet``) is shown to that one alone.
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
        # By ``PairQuerySet.with_apart`` and ``with_consents``.
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
        """Return the participation of the other one."""
        return self.two if self.one.member_id == member.pk else self.one

    def side(self, member: Member) -> str:
        """Return ``one`` or ``two``: which of the two she is."""
        return "one" if self.one.member_id == member.pk else "two"

    @property
    def is_over(self) -> bool:
        """Whether neither sees anything of the other any more: it ended, or one of the two left the event."""
        return self.state == PairState.ENDED or SignUpState.LEFT in (self.one.state, self.two.state)


class SeatPlan(models.Model):
    """Who sits with whom, round by round; the latest plan of an event holds."""

    event = models.OneToOneField(MatchEvent, on_delete=models.CASCADE, related_name="seat_plan")
    rounds = models.PositiveSmallIntegerField(_("Rounds"))
    tables = models.PositiveSmallIntegerField(_("Tables"))
    current = models.PositiveSmallIntegerField(_("Round now"), default=0, editable=False)
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
