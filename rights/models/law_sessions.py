"""Law sessions, in which women workers learn the law, and the sign-ups for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.fields import MomentField
from portal.signups.choices import LIVE, Door
from portal.signups.models import Offering, SignUp
from rights.choices.law_sessions import LAW_SESSION_TRANSITIONS, LawSessionState, SessionKind
from rights.querysets.law_sessions import LawSessionQuerySet, LawSessionSignUpQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from portal.members.models import Member

# How long an offered place is held, at most until the session begins.
OFFER_HOURS = timedelta(hours=24)
MOST_PLACES = 5000
MOST_VISITS = 100_000
# A session has one list of places.
POOL = "all"


class LawSession(Offering):
    """A lecture, class or consultation in which women workers learn the law (普法活动, domain.md S1 and RT14).

    Every account may sign up, a provisional one too: nothing that is shown there belongs to one person alone.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organiser")
    )
    title = models.CharField(_("Title"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=20, choices=SessionKind, default=SessionKind.LECTURE)
    speaker = models.CharField(_("Speaker"), max_length=60, blank=True)
    summary = models.TextField(_("Content of the session"), max_length=1000)
    place = models.CharField(_("Place"), max_length=120)
    starts_at = MomentField(_("Begins"), span=PLANNED)
    ends_at = MomentField(_("Ends"), span=PLANNED)
    places_total = models.PositiveIntegerField(
        _("Places"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    only_own = models.BooleanField(_("Only for members of the organiser and below"), default=False)
    state = StateField(LAW_SESSION_TRANSITIONS, default=LawSessionState.DRAFT)
    visits = models.PositiveIntegerField(
        _("People who came"), null=True, blank=True, editable=False, validators=[MaxValueValidator(MOST_VISITS)]
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = LawSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Law session")
        verbose_name_plural = _("Law sessions")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="rights_session_order",
                violation_error_message=_("The end must be later than the start."),
            ),
            models.CheckConstraint(
                condition=~Q(state=LawSessionState.HELD) | Q(visits__isnull=False), name="rights_session_visits"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("rights:session-detail", args=[self.pk])

    def get_member_url(self) -> str:
        """Return the address of the page for members."""
        return reverse("rights:law-show", args=[self.pk])

    def capacity(self, pool: str) -> int:
        return self.places_total

    def pool_for(self, member: Member) -> str:
        return POOL

    def refusal(self, member: Member, now: datetime, door: Door = Door.SELF) -> str:
        if self.state != LawSessionState.OPEN or now >= self.starts_at:
            return _("Sign-up is closed.")
        return self.standing_refusal(member, door)

    def standing_refusal(self, member: Member, door: Door = Door.SELF) -> str:
        if not self.is_for(member):
            return _("This session is only for members of its organiser.")
        return ""

    def is_for(self, member: Member) -> bool:
        """Return whether the member belongs to those whom the organiser invites."""
        place = member.organization
        return not self.only_own or (place is not None and place.path.startswith(self.organization.path))

    def standing_of(self, member: Member) -> QuerySet[LawSessionSignUp]:  # type: ignore[override]  # narrower
        return LawSessionSignUp.objects.own(member).filter(offering=self).best_first()

    def with_standing(self, rows: QuerySet[SignUp]) -> QuerySet[SignUp]:
        """Return those who can be told of a place, may still take it, and have none by another row."""
        found = LawSessionSignUp.objects.reachable().placeless().filter(pk__in=rows.values("pk"))
        return found.filter(member__organization__path__startswith=self.organization.path) if self.only_own else found

    @property
    def told_place(self) -> str:
        """The place for messages; '' for an online class, which is joined from its page by those who have a place."""
        return "" if self.kind == SessionKind.ONLINE else self.place

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    def offer_ends_at(self, now: datetime) -> datetime:
        return min(now + OFFER_HOURS, self.starts_at)


class LawSessionSignUp(SignUp):
    """A member's place, or position on the waiting list, in a law session.

    ``phone_index`` is the phone of a sign-up made while the private pages of the account were closed, else ''. Whoever
    uses a closed account sees only what was signed up for in this state, with its present phone and not long ago:
    whoever else holds the phone now learns nothing of what the person did before. So one person may have two rows.
    """

    offering = models.ForeignKey(LawSession, on_delete=models.PROTECT, related_name="signups")
    phone_index = models.CharField(max_length=64, blank=True, editable=False)

    objects = LawSessionSignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("Sign-up for a law session")
        verbose_name_plural = _("Sign-ups for law sessions")
        constraints = [
            *SignUp.sign_up_constraints("rights_session_signup", once=False),
            # A second live row is possible only beside one that a closed account does not show.
            models.UniqueConstraint(
                fields=["offering", "member"],
                condition=Q(state__in=LIVE, phone_index=""),
                name="rights_session_signup_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Sign-up {self.pk}"

    def get_absolute_url(self) -> str:
        return self.offering.get_member_url()
