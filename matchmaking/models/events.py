"""Events (相亲会): the offering that members sign up for."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import eligibility
from matchmaking.choices.events import EVENT_TRANSITIONS, RESERVING, EventMode, EventState, Pool, TargetGroup
from matchmaking.models.profiles import SingleProfile
from matchmaking.querysets.events import MatchEventQuerySet
from matchmaking.querysets.participations import ParticipationQuerySet
from portal.audit.gate import StateField
from portal.core import locks
from portal.core.bounds import PLANNED
from portal.core.choices import Sex
from portal.core.fields import MomentField
from portal.members.identity import birth_date_of
from portal.members.models import Member
from portal.signups.choices import Door
from portal.signups.models import Offering

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django_stubs_ext import StrOrPromise


def new_slug():
    """Return the unguessable part of an event's public link."""
    return secrets.token_urlsafe(9)


class MatchEvent(Offering):
    """An event: its organiser, the times for sign-up and the times for choosing."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organiser")
    )
    title = models.CharField(_("Title"), max_length=60)
    summary = models.TextField(_("Description of the event"), max_length=2000)
    mode = models.CharField(_("Mode"), max_length=10, choices=EventMode, default=EventMode.ONLINE)
    place = models.CharField(_("Place or meeting link"), max_length=200, blank=True)
    slug = models.CharField(max_length=20, unique=True, default=new_slug, editable=False)
    starts_at = MomentField(_("Begins"), span=PLANNED)
    ends_at = MomentField(_("Ends"), span=PLANNED)
    signup_opens_at = MomentField(_("Sign-up opens"), span=PLANNED)
    signup_closes_at = MomentField(_("Sign-up closes"), span=PLANNED)
    choice_opens_at = MomentField(_("Choice round opens"), span=PLANNED)
    choice_closes_at = MomentField(_("Choice round closes"), span=PLANNED)
    men_quota = models.PositiveIntegerField(_("Places for men"))
    women_quota = models.PositiveIntegerField(_("Places for women"))
    choices_per_person = models.PositiveSmallIntegerField(_("Choices per person"), default=3)
    age_from = models.PositiveSmallIntegerField(_("Minimum age"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("Maximum age"), null=True, blank=True)
    series = models.ForeignKey(
        "matchmaking.EventSeries",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("Series"),
    )
    theme = models.ForeignKey(
        "matchmaking.EventTheme",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("Theme"),
    )
    venue = models.ForeignKey(
        "matchmaking.Venue",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("Venue"),
    )
    target_group = models.CharField(_("Target group"), max_length=20, choices=TargetGroup, default=TargetGroup.EVERYONE)
    restricted = models.BooleanField(_("By invitation only"), default=False)
    needs_review = models.BooleanField(_("Sign-ups are reviewed first"), default=False)
    balance_tolerance = models.PositiveSmallIntegerField(
        _("Maximum difference between the two lists"), null=True, blank=True
    )
    unit_cap = models.PositiveSmallIntegerField(_("Maximum number of people from one unit"), null=True, blank=True)
    table_minutes = models.PositiveSmallIntegerField(_("Minutes at a table"), default=8)
    consent_version = models.PositiveSmallIntegerField(default=1, editable=False)
    purpose_note = models.CharField(_("Change of purpose"), max_length=300, blank=True, editable=False)
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    state = StateField(EVENT_TRANSITIONS, default=EventState.DRAFT)
    created_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    submitted_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    submitted_at = MomentField(null=True, editable=False)
    approved_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    return_reason = models.CharField(max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = MatchEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Event")
        verbose_name_plural = _("Events")
        indexes = [models.Index(fields=["-starts_at", "-id"], name="matchmaking_event_starts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="matchmaking_event_ends",
                violation_error_message=_("The event must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(signup_closes_at__gt=F("signup_opens_at")),
                name="matchmaking_event_signup",
                violation_error_message=_("Sign-up must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(choice_opens_at__gte=F("signup_closes_at")),
                name="matchmaking_event_choice_after_signup",
                violation_error_message=_("The choice round must open after sign-up has closed."),
            ),
            models.CheckConstraint(
                condition=Q(choice_closes_at__gt=F("choice_opens_at")),
                name="matchmaking_event_choice",
                violation_error_message=_("The choice round must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(men_quota__gte=1, women_quota__gte=1, men_quota__lte=5000, women_quota__lte=5000),
                name="matchmaking_event_quota",
                violation_error_message=_("Each list must have between 1 and 5,000 places."),
            ),
            models.CheckConstraint(
                condition=Q(choices_per_person__gte=1, choices_per_person__lte=5),
                name="matchmaking_event_choices",
                violation_error_message=_("A person may choose between 1 and 5 people."),
            ),
            models.CheckConstraint(
                condition=Q(age_from=None) | Q(age_to=None) | Q(age_to__gte=F("age_from")),
                name="matchmaking_event_ages",
                violation_error_message=_("The maximum age must not be below the minimum age."),
            ),
            models.CheckConstraint(
                condition=Q(balance_tolerance=None) | Q(balance_tolerance__lte=100),
                name="matchmaking_event_balance",
                violation_error_message=_("The difference between the lists must be between 0 and 100 people."),
            ),
            models.CheckConstraint(
                condition=Q(unit_cap=None) | Q(unit_cap__gte=1),
                name="matchmaking_event_unit_cap",
                violation_error_message=_("The limit for one unit must be at least 1 person."),
            ),
            models.CheckConstraint(
                condition=Q(table_minutes__gte=2, table_minutes__lte=60),
                name="matchmaking_event_table_minutes",
                violation_error_message=_("The time at a table must be between 2 and 60 minutes."),
            ),
            ExclusionConstraint(
                name="matchmaking_event_venue_free",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    (
                        Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(venue__isnull=False, state__in=RESERVING),
                violation_error_message=_("Another event is held at this venue at that time."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:event-detail", args=[self.pk])

    def get_member_url(self) -> str:
        return reverse("matchmaking:meet-detail", args=[self.slug])

    def capacity(self, pool: str) -> int:
        return self.men_quota if pool == Pool.MEN else self.women_quota

    def pool_for(self, member: Member) -> str:
        return Pool.MEN if member.sex == Sex.MALE else Pool.WOMEN

    def offer_ends_at(self, now: datetime) -> datetime:
        return eligibility.offer_ends_at(self, now)

    places_class = eligibility.EventPlaces

    def places(self, held: Mapping[tuple[object, ...], int]) -> eligibility.EventPlaces:
        return eligibility.EventPlaces(
            capacity=self.capacity, held=held, tolerance=self.balance_tolerance, unit_cap=self.unit_cap
        )

    def refusal(self, member: Member, now: datetime, door: Door = Door.SELF) -> StrOrPromise:
        if self.restricted and not self.invites(member):
            return _("This event is by invitation.")
        refusal = eligibility.refusal(self, member, birth_date_of(member), now, door)
        return refusal or self.standing_refusal(member, door)

    def settle(self, member: Member) -> None:
        locks.hold_all(SingleProfile.objects.filter(member=member))

    def standing_refusal(self, member: Member, door: Door = Door.SELF) -> StrOrPromise:
        if SingleProfile.objects.standing().filter(member=member).exists():
            return ""
        return eligibility.BY_STAFF if door == Door.STAFF else SingleProfile.objects.why_no_standing(member)

    def with_standing(self, rows: ParticipationQuerySet) -> ParticipationQuerySet:
        return rows.standing()

    def invites(self, member: Member) -> bool:
        """Say whether ``member`` or their unit is on the list of invitations."""
        whom = Q(member=member)
        if member.organization_id:
            whom |= Q(unit=member.organization_id)
        return self.invitations.filter(whom).exists()

    def reviews(self, member: Member) -> bool:
        return self.needs_review
