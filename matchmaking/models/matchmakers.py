"""Volunteer matchmakers (红娘), the singles they look after, introductions and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.matchmakers import (
    INTRODUCTION_TRANSITIONS,
    LIVE_INTRODUCTIONS,
    VOLUNTEER_TRANSITIONS,
    Answer,
    CaseBlock,
    ContactKind,
    Impression,
    IntroductionState,
    VolunteerState,
)
from matchmaking.querysets.matchmakers import CaseQuerySet, IntroductionQuerySet, VolunteerQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PAST, PLANNED
from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.members.models import Assignment, Member

if TYPE_CHECKING:
    from matchmaking.models import SingleProfile


class Volunteer(Assignment):
    """A volunteer matchmaker of an organisation: pledged and trained, from a day until a day."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    state = StateField(VOLUNTEER_TRANSITIONS, default=VolunteerState.APPLIED)
    motive = models.CharField(_("Why I want to help"), max_length=300, blank=True)
    pledged_at = MomentField(_("Pledge signed at"), null=True, editable=False)
    pledge_version = models.PositiveSmallIntegerField(null=True, editable=False)
    trained_on = DayField(_("Trained on"), span=PAST, null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("People at a time, at most"), default=20)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Volunteer matchmaker")
        verbose_name_plural = _("Volunteer matchmakers")
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=~Q(state=VolunteerState.ENDED),
                name="matchmaking_volunteer_once",
                violation_error_message=_("This person is a matchmaker already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[VolunteerState.ACTIVE, VolunteerState.RESTING])
                | Q(pledged_at__isnull=False, trained_on__isnull=False),
                name="matchmaking_volunteer_ready",
                violation_error_message=_("A matchmaker begins when she has signed the pledge and been trained."),
            ),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=100), name="matchmaking_volunteer_most"),
        ]

    def __str__(self):
        return f"Matchmaker {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:volunteer-detail", args=[self.pk])


class MatchCase(models.Model):
    """One single in the care of one matchmaker: the next action, its day, and what it waits for."""

    profile = models.ForeignKey("matchmaking.SingleProfile", on_delete=models.PROTECT, related_name="cases")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="cases")
    opened_on = DayField(_("Since"))
    closed_on = DayField(_("Until"), null=True, editable=False)
    next_action = models.CharField(_("Next step"), max_length=120, blank=True)
    next_due = DayField(_("By"), span=PLANNED, null=True, blank=True)
    block = models.CharField(_("What it waits for"), max_length=20, choices=CaseBlock, default=CaseBlock.NONE)
    last_contact_at = MomentField(_("Last contact"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Case of a matchmaker")
        verbose_name_plural = _("Cases of matchmakers")
        constraints = [
            models.UniqueConstraint(
                fields=["profile"],
                condition=Q(closed_on=None),
                name="matchmaking_case_once",
                violation_error_message=_("This person has a matchmaker already."),
            )
        ]
        indexes = [models.Index(fields=["volunteer", "closed_on", "next_due"], name="matchmaking_case_due")]

    def __str__(self):
        return f"Case {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:case-detail", args=[self.pk])


class ContactLog(models.Model):
    """What a matchmaker noted of a contact; read by herself alone."""

    case = models.ForeignKey(MatchCase, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(_("Kind"), max_length=20, choices=ContactKind)
    words = EncryptedTextField(_("Note"), max_length=1000)
    at = MomentField(_("At"), span=PAST)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Contact")
        verbose_name_plural = _("Contacts")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"Contact {self.pk}"


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
