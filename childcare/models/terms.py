"""Class terms (爱心托管班的期)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.terms import TERM_TRANSITIONS, Course, TermState
from childcare.models.sites import CareSite
from childcare.querysets.terms import ClassTermQuerySet
from childcare.safety import gaps_of
from portal.audit.gate import StateField
from portal.core import locks
from portal.core.bounds import PLANNED
from portal.core.fields import AmountField, ClockField, DayField, MomentField
from portal.members.identity import age_on
from portal.signups.choices import Door
from portal.signups.models import Offering

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from childcare.models.draws import TermDraw
    from childcare.models.results import TermResult
    from portal.core.calendar import WorkingCalendar
    from portal.members.models import Child
    from portal.signups.models import SignUp

# How long an offered place is held, at most until the term begins.
OFFER_HOURS = timedelta(hours=48)
# A term has one list of places.
POOL = "all"
OLDEST = 17
STOPPED = _("New enrolments are stopped until the safety papers of the site are complete.")


class ClassTerm(Offering):
    """One term of a holiday class at a site (domain.md S11).

    ``reserved`` places are given on paper and counted together with those given here. Their number, the reason and the
    name of whoever approved them are public. ``age_from`` and ``age_to`` are full years of age on ``reference_on``.
    """

    if TYPE_CHECKING:
        signups: Any  # the related manager, with the methods of EnrolmentQuerySet

    site = models.ForeignKey(CareSite, on_delete=models.PROTECT, related_name="terms", verbose_name=_("Care site"))
    title = models.CharField(_("Title"), max_length=60)
    first_on = DayField(_("First day"), span=PLANNED)
    last_on = DayField(_("Last day"), span=PLANNED)
    starts = ClockField(_("Begins at"))
    ends = ClockField(_("Ends at"))
    courses = ArrayField(models.CharField(max_length=20, choices=Course), verbose_name=_("Courses"))
    summary = models.TextField(_("Timetable and what to bring"), max_length=1000)
    age_from = models.PositiveSmallIntegerField(_("Youngest age"), validators=[MaxValueValidator(OLDEST)])
    age_to = models.PositiveSmallIntegerField(_("Oldest age"), validators=[MaxValueValidator(OLDEST)])
    reference_on = DayField(_("Day on which the age counts"), span=PLANNED)
    places_total = models.PositiveSmallIntegerField(_("Places"), validators=[MinValueValidator(1)])
    reserved = models.PositiveSmallIntegerField(_("Reserved places"), default=0, editable=False)
    reserved_reason = models.CharField(_("Reason for the reserved places"), max_length=120, blank=True, editable=False)
    reserved_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    fee = AmountField(_("Fee in yuan"), max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)])
    enrol_from = MomentField(_("Enrolment begins"), span=PLANNED)
    enrol_until = MomentField(_("Enrolment ends"), span=PLANNED)
    state = StateField(TERM_TRANSITIONS, default=TermState.PLANNED)
    by_draw = models.BooleanField(
        _("Places are drawn"),
        default=False,
        help_text=_("Everybody who applies in time has the same chance. Otherwise places go in the order of applying."),
    )
    checked_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True, editable=False)
    # Raised when papers or staff of the site change, or the list is frozen: what was asked before is asked again.
    gate_changes = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = ClassTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("Class term")
        verbose_name_plural = _("Class terms")
        ordering = ["-first_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="childcare_term_days",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="childcare_term_hours",
                violation_error_message=_("The end must be later than the start."),
            ),
            models.CheckConstraint(
                condition=Q(age_to__gte=F("age_from")),
                name="childcare_term_ages",
                violation_error_message=_("The oldest age is below the youngest."),
            ),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("places_total")) & (Q(reserved=0) | ~Q(reserved_reason="")),
                name="childcare_term_reserved",
                violation_error_message=_("More places are reserved than there are."),
            ),
            models.CheckConstraint(
                condition=Q(enrol_until__gt=F("enrol_from")),
                name="childcare_term_window",
                violation_error_message=_("Enrolment ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("childcare:term-detail", args=[self.pk])

    def get_member_url(self) -> str:
        """Return the address of the page for members."""
        return reverse("childcare:class-show", args=[self.pk])

    @property
    def begins_at(self) -> datetime:
        """The moment at which the first day begins."""
        return datetime.combine(self.first_on, time(), timezone.get_default_timezone())

    def meets_on(self, day: date, calendar: WorkingCalendar) -> bool:
        """Return whether the class is held on ``day``: on the working days of the term."""
        return self.first_on <= day <= self.last_on and calendar.is_working(day)

    @property
    def is_over(self) -> bool:
        return self.last_on < timezone.localdate()

    @property
    def opens_at(self) -> datetime:
        """The moment at which the children come on the first day."""
        return datetime.combine(self.first_on, self.starts, timezone.get_default_timezone())

    @property
    def has_begun(self) -> bool:
        return self.begins_at <= timezone.now()

    def capacity(self, pool: str) -> int:
        return self.places_total - self.reserved

    def pool_for(self, person: Child) -> str:
        return POOL

    def reviews(self, person: Child) -> bool:
        """Applications for a draw wait for it."""
        return self.by_draw

    @property
    def found_draw(self) -> TermDraw | None:
        """The draw of the term, or None before its list is frozen."""
        return getattr(self, "draw", None)

    @property
    def found_result(self) -> TermResult | None:
        """The settlement of the term, or None."""
        return getattr(self, "result", None)

    def settle(self, person: Child) -> None:
        """Lock the child, so that it takes one place at a time."""
        locks.hold(person)

    def sign_up_fields(self) -> dict[str, Any]:
        return {"first_on": self.first_on, "last_on": self.last_on}

    def refusal(self, person: Child, now: datetime, door: Door = Door.SELF) -> StrOrPromise:
        return self.closed(now) or self.standing_refusal(person, door)

    def closed(self, now: datetime) -> StrOrPromise:
        """Return the sentence that says why nobody can apply at ``now``, or ''."""
        if self.state == TermState.ENROLLING and now < self.enrol_from:
            return _("Enrolment has not begun yet.")
        if self.state != TermState.ENROLLING or now >= self.enrol_until or self.has_begun or self.found_draw:
            return _("Enrolment is closed.")
        return STOPPED if self.gaps() else ""

    def age_refusal(self, child: Child) -> StrOrPromise:
        """Return the sentence that says why a child has not the right age, or ''."""
        if self.age_from <= age_on(child.born_on, self.reference_on) <= self.age_to:
            return ""
        return _("On %(day)s the child must be %(from)s to %(to)s years old.") % {
            "day": f"{self.reference_on:%Y-%m-%d}",
            "from": self.age_from,
            "to": self.age_to,
        }

    def standing_refusal(self, person: Child, door: Door = Door.SELF) -> StrOrPromise:
        """No new child comes to a site whose papers are not valid, and no child is in two classes on one day."""
        if self.state != TermState.ENROLLING or self.has_begun:
            return _("This class has begun or is cancelled.")
        if self.gaps():
            return STOPPED
        if refusal := self.age_refusal(person):
            return refusal
        if self.signups.model.objects.confirmed_beside(self).filter(child=person).exists():
            return _("This child has a place in another class on these days.")
        return ""

    def with_standing(self, rows: QuerySet[SignUp]) -> QuerySet[SignUp]:
        """Return those who may take a place, and whose guardian can be told of it and confirm it."""
        if self.state != TermState.ENROLLING or self.gaps():
            return rows.none()
        beside = self.signups.model.objects.confirmed_beside(self).filter(child__isnull=False)
        found = self.signups.reachable().filter(pk__in=rows.values("pk")).exclude(child__in=beside.values("child"))
        wrong = [row.pk for row in found.select_related("child") if row.child and self.age_refusal(row.child)]
        return found.exclude(pk__in=wrong)

    def gaps(self) -> list[StrOrPromise]:
        """Return what is missing for the safety gate on the days of the term to come (childcare/safety.py)."""
        return gaps_of(self.site, max(self.first_on, timezone.localdate()), self.last_on)

    def offer_ends_at(self, now: datetime) -> datetime:
        return min(now + OFFER_HOURS, self.begins_at)
