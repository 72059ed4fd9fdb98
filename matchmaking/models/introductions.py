"""Introductions of two singles by a matchmaker, and what each says of the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.introductions import (
    INTRODUCTION_TRANSITIONS,
    LIVE_INTRODUCTIONS,
    Answer,
    Impression,
    IntroductionState,
)
from matchmaking.models.volunteers import Volunteer
from matchmaking.querysets.introductions import IntroductionQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.fields import EncryptedTextField, MomentField
from portal.members.models import Member

if TYPE_CHECKING:
    from matchmaking.models import SingleProfile


class Introduction(models.Model):
    """Two singles are asked whether they want to meet; ``one`` is the profile with the smaller number.

    Brought about by a matchmaker, or by one of the two (``asked_by``), whose wish is then her yes. An answer alone is
    shown to nobody; contact is passed on when both said yes.
    """

    one = models.ForeignKey("matchmaking.SingleProfile", on_delete=models.PROTECT, related_name="+")
    two = models.ForeignKey("matchmaking.SingleProfile", on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, null=True, related_name="introductions")
    asked_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    words = models.CharField(_("What speaks for it"), max_length=200, blank=True)
    state = StateField(INTRODUCTION_TRANSITIONS, default=IntroductionState.ASKED)
    one_answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN, editable=False)
    two_answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN, editable=False)
    # Kept from a side that has enough questions open: nothing of it is shown there before a place gets free.
    one_kept = models.BooleanField(default=False, db_default=False, editable=False)
    two_kept = models.BooleanField(default=False, db_default=False, editable=False)
    answer_by = MomentField(_("Answer by"), editable=False)
    meets_at = MomentField(_("They meet at"), span=PLANNED, null=True, blank=True)
    agreed_at = MomentField(null=True, editable=False)
    ended_at = MomentField(null=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Introduction")
        verbose_name_plural = _("Introductions")
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("two")), name="matchmaking_introduction_order"),
            models.UniqueConstraint(
                fields=["one", "two"],
                condition=Q(state__in=LIVE_INTRODUCTIONS),
                name="matchmaking_introduction_once",
                violation_error_message=_("These two are being introduced already."),
            ),
            models.CheckConstraint(
                condition=~Q(state=IntroductionState.AGREED) | Q(one_answer=Answer.YES, two_answer=Answer.YES),
                name="matchmaking_introduction_both",
            ),
        ]

    def __str__(self):
        return f"Introduction {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:introduction-detail", args=[self.pk])

    def get_guide_url(self) -> str:
        """Return the page of the matchmaker who brought it about; the other one is the two's own."""
        return reverse("matchmaking:introduction-guide", args=[self.pk])

    def side(self, member: Member) -> str:
        """Return ``one`` or ``two``: which of the two she is."""
        return "one" if self.one.member_id == member.pk else "two"

    def other(self, member: Member) -> SingleProfile:
        """Return the profile of the other one."""
        return self.two if self.one.member_id == member.pk else self.one


class MeetingFeedback(models.Model):
    """What one of the two said after the meeting, due within 72 hours; seen by her and her matchmaker."""

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="feedback")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    impression = models.CharField(_("How was it?"), max_length=20, choices=Impression)
    words = EncryptedTextField(_("In your own words"), max_length=600, blank=True)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Feedback")
        verbose_name_plural = _("Feedback")
        constraints = [
            models.UniqueConstraint(fields=["introduction", "member"], name="matchmaking_feedback_once"),
        ]

    def __str__(self):
        return f"Feedback {self.pk}"
