"""Events, their participants and matchmakers, secret choices, and the pairs they made."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import eligibility
from matchmaking.choices import EVENT_TRANSITIONS, EventMode, EventState, Pool
from matchmaking.querysets import (
    ChoiceQuerySet,
    EventMatchmakerQuerySet,
    MatchEventQuerySet,
    PairQuerySet,
    ParticipationQuerySet,
)
from portal.audit.gate import StateField
from portal.core.choices import Sex
from portal.members.models import Assignment
from portal.members.services.people import birth_date_of
from portal.signups.models import Offering, SignUp


def new_slug():
    """Return the part of an event's public link that cannot be guessed."""
    return secrets.token_urlsafe(9)


class MatchEvent(Offering):
    """One event: who holds it, when people sign up, when they choose."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Held by")
    )
    title = models.CharField(_("Title"), max_length=60)
    summary = models.TextField(_("What awaits people"), max_length=2000)
    mode = models.CharField(_("Mode"), max_length=10, choices=EventMode, default=EventMode.ONLINE)
    place = models.CharField(_("Place or meeting link"), max_length=200, blank=True)
    slug = models.CharField(max_length=20, unique=True, default=new_slug, editable=False)
    starts_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"))
    signup_opens_at = models.DateTimeField(_("Sign-up opens"))
    signup_closes_at = models.DateTimeField(_("Sign-up closes"))
    choice_opens_at = models.DateTimeField(_("Choice round opens"))
    choice_closes_at = models.DateTimeField(_("Choice round closes"))
    men_quota = models.PositiveIntegerField(_("Places for men"))
    women_quota = models.PositiveIntegerField(_("Places for women"))
    choices_per_person = models.PositiveSmallIntegerField(_("Choices per person"), default=3)
    age_from = models.PositiveSmallIntegerField(_("Youngest age"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("Oldest age"), null=True, blank=True)
    state = StateField(EVENT_TRANSITIONS, default=EventState.DRAFT)
    created_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    submitted_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    return_reason = models.CharField(max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MatchEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Event")
        verbose_name_plural = _("Events")
        indexes = [models.Index(fields=["-starts_at", "-id"], name="matchmaking_event_starts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="matchmaking_event_ends",
                violation_error_message=_("The event ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(signup_closes_at__gt=F("signup_opens_at")),
                name="matchmaking_event_signup",
                violation_error_message=_("Sign-up closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(choice_opens_at__gte=F("signup_closes_at")),
                name="matchmaking_event_choice_after_signup",
                violation_error_message=_("The choice round opens when sign-up has closed, not before."),
            ),
            models.CheckConstraint(
                condition=Q(choice_closes_at__gt=F("choice_opens_at")),
                name="matchmaking_event_choice",
                violation_error_message=_("The choice round closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(men_quota__gte=1, women_quota__gte=1, men_quota__lte=5000, women_quota__lte=5000),
                name="matchmaking_event_quota",
                violation_error_message=_("Each list has between 1 and 5,000 places."),
            ),
            models.CheckConstraint(
                condition=Q(choices_per_person__gte=1, choices_per_person__lte=5),
                name="matchmaking_event_choices",
                violation_error_message=_("A person may choose between 1 and 5 people."),
            ),
            models.CheckConstraint(
                condition=Q(age_from=None) | Q(age_to=None) | Q(age_to__gte=F("age_from")),
                name="matchmaking_event_ages",
                violation_error_message=_("The oldest age is not below the youngest."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("matchmaking:event-detail", args=[self.pk])

    def get_member_url(self):
        return reverse("matchmaking:meet-detail", args=[self.slug])

    def capacity(self, pool):
        return self.men_quota if pool == Pool.MEN else self.women_quota

    def pool_for(self, member):
        return Pool.MEN if member.sex == Sex.MALE else Pool.WOMEN

    def offer_ends_at(self, now):
        return eligibility.offer_ends_at(self, now)

    def refusal(self, member, now):
        return eligibility.refusal(self, member, birth_date_of(member), now)


class EventMatchmaker(Assignment):
    """A volunteer who accompanies some of the participants of one event."""

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
                violation_error_message=_("She is a matchmaker of this event already."),
            )
        ]

    def __str__(self):
        return f"Matchmaker {self.pk}"


class Participation(SignUp):
    """One person at one event, with the card the other list sees: number, age, a line, perhaps a photograph."""

    offering = models.ForeignKey(MatchEvent, on_delete=models.PROTECT, related_name="signups")
    age = models.PositiveSmallIntegerField(_("Age on the day of the event"))
    line = models.CharField(_("A line about yourself"), max_length=120)
    photo = models.ForeignKey(
        "exchange.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    matchmaker = models.ForeignKey(
        EventMatchmaker, on_delete=models.SET_NULL, null=True, blank=True, related_name="participations", editable=False
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Participant")
        verbose_name_plural = _("Participants")
        constraints = SignUp.sign_up_constraints("matchmaking_participation")
        indexes = [models.Index(fields=["offering", "pool", "state", "place"], name="matchmaking_lists")]

    def __str__(self):
        return f"Participant {self.pk}"

    def get_absolute_url(self):
        return self.offering.get_member_url()

    @property
    def number(self):
        """The number on her card: a letter for the list and her place in line, such as W012."""
        return f"{'M' if self.pool == Pool.MEN else 'W'}{self.place:03d}"


class ChoiceRound(models.Model):
    """The time in which people choose. Its key lies outside the database and is destroyed at the reveal."""

    event = models.OneToOneField(MatchEvent, on_delete=models.PROTECT, related_name="round")
    opened_at = models.DateTimeField(auto_now_add=True)
    revealed_at = models.DateTimeField(null=True)

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
    """Two people who chose each other (牵手). A person may be in several pairs."""

    event = models.ForeignKey(MatchEvent, on_delete=models.PROTECT, related_name="pairs")
    one = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    two = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("Pair")
        verbose_name_plural = _("Pairs")
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("two")), name="matchmaking_pair_order"),
            models.UniqueConstraint(fields=["one", "two"], name="matchmaking_pair_once"),
        ]

    def __str__(self):
        return f"Pair {self.pk}"

    def other(self, member):
        """Return the participation of the other one."""
        return self.two if self.one.member_id == member.pk else self.one

    def side(self, member):
        """Return ``one`` or ``two``: which of the two she is."""
        return "one" if self.one.member_id == member.pk else "two"
