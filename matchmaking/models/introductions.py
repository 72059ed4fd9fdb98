"""Introductions of two singles by a matchmaker, and the feedback of each on the meeting."""

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
    """A question to two singles whether they want to meet; ``one`` is the profile with the smaller number.

    It is proposed by a matchmaker, or by one of the two (``asked_by``), whose proposal counts as a yes. One answer
    alone is shown to nobody; contacts are exchanged when both have said yes and agreed to it.
    """

    one = models.ForeignKey("matchmaking.SingleProfile", on_delete=models.PROTECT, related_name="+")
    two = models.ForeignKey("matchmaking.SingleProfile", on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, null=True, related_name="introductions")
    asked_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    words = models.CharField(_("Reason for the introduction"), max_length=200, blank=True)
    state = StateField(INTRODUCTION_TRANSITIONS, default=IntroductionState.ASKED)
    one_answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN, editable=False)
    two_answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN, editable=False)
    # Hidden from a single who has enough open questions: nothing of the introduction is shown to that side until one of
    # these is settled.
    one_kept = models.BooleanField(default=False, db_default=False, editable=False)
    two_kept = models.BooleanField(default=False, db_default=False, editable=False)
    answer_by = MomentField(_("Answer by"), editable=False)
    meets_at = MomentField(_("Meeting time"), span=PLANNED, null=True, blank=True)
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
                violation_error_message=_("These two people are already being introduced."),
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
        """Return the page for the matchmaker who proposed the introduction; the other page is for the two."""
        return reverse("matchmaking:introduction-guide", args=[self.pk])

    def side(self, member: Member) -> str:
        """Return ``one`` or ``two``: the member's side."""
        return "one" if self.one.member_id == member.pk else "two"

    def other(self, member: Member) -> SingleProfile:
        """Return the profile of the other person."""
        return self.two if self.one.member_id == member.pk else self.one


class MeetingFeedback(models.Model):
    """Feedback of one of the two on the meeting, due within 72 hours.

    Only the author and their matchmaker see it.
    """

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
