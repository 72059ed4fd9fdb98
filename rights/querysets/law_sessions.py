"""Law sessions and sign-ups: who may read which."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.utils import timezone

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.signups.choices import HOLDING, LIVE, SignUpState
from rights.choices.law_sessions import LawSessionState, SessionKind
from rights.querysets.stations import RightsQuerySet

if TYPE_CHECKING:
    from portal.members.models import Member
    from rights.models import LawSession, LawSessionSignUp


def _own(member: Member, prefix: str = "") -> Q:
    """Return the condition of live sign-ups that ``member`` may see as their own; ``prefix`` leads to them."""
    own = {f"{prefix}member": member, f"{prefix}state__in": LIVE}
    if member.opens_secrets:
        return Q(**own)
    if not member.phone_index:
        return Q(**own, **{f"{prefix}pk": 0})  # nothing, said in SQL: it stands in subqueries
    return Q(**own, **{f"{prefix}phone_index": member.phone_index, f"{prefix}created_at__gte": _known_since()})


def _opens(prefix: str) -> Q:
    """Return the condition of accounts whose private pages are open."""
    until = f"{prefix}secrets_closed_until"
    return Q(**{f"{prefix}proven_at__isnull": False}) & (Q(**{until: None}) | Q(**{f"{until}__lte": timezone.now()}))


def _known_since() -> datetime:
    """Return since when a sign-up in a closed account is taken to be of whoever holds the phone now.

    Operators give abandoned numbers to other people after about as long.
    """
    return timezone.now() - timedelta(days=settings.IDLE_ACCOUNT_DAYS)


def _line(member: Member) -> list[int]:
    """Return the member's organisation and those above it, by pk."""
    place = member.organization
    return [*place.ancestor_ids, place.pk] if place else []


def _rank(prefix: str = "") -> Case:
    """Return the order of the sign-ups of one person: a place, an offer, a position in line."""
    states = (SignUpState.CONFIRMED, SignUpState.OFFERED)
    return Case(*(When(**{f"{prefix}state": state}, then=n) for n, state in enumerate(states)), default=len(states))


class LawSessionQuerySet(RightsQuerySet["LawSession"]):
    """Law sessions, scoped by their organiser."""

    def announced_to(self, member: Member) -> Self:
        """Sessions that are not drafts and are meant for ``member``."""
        return self.exclude(state=LawSessionState.DRAFT).filter(Q(only_own=False) | Q(organization__in=_line(member)))

    def nearest_first(self, member: Member, *before: Any) -> Self:
        """Sessions of the member's own unions, then online classes, then those of other places; each by time."""
        near = Case(When(organization__in=_line(member), then=0), When(kind=SessionKind.ONLINE, then=1), default=2)
        return self.order_by(*before, near, "starts_at", "pk")

    def joinable(self) -> Self:
        """Sessions for which members can sign up now."""
        return self.filter(state=LawSessionState.OPEN, starts_at__gt=timezone.now())

    def first_for(self, member: Member) -> LawSession | None:
        """Return the member's next session, or else the next one that is open, in one query; None if there is none.

        ``mine`` is the state of the member's sign-up, or None.
        """
        own = self.model.objects.filter(_own(member, "signups__"), pk=OuterRef("pk")).order_by(_rank("signups__"))
        rows = self.for_list().annotate(mine=Subquery(own.values("signups__state")[:1]))
        coming = rows.filter(mine__isnull=False, state=LawSessionState.OPEN, ends_at__gt=timezone.now())
        found = coming | rows.announced_to(member).joinable()
        return found.nearest_first(member, Case(When(mine=None, then=1), default=0)).first()

    def readable_by(self, member: Member) -> Self:
        """Sessions that ``member`` may read: those meant for the member, and those signed up for."""
        announced = self.announced_to(member).values("pk")
        joined = self.model.objects.filter(_own(member, "signups__")).values("pk")
        return self.filter(Q(pk__in=announced) | Q(pk__in=joined))


class LawSessionSignUpQuerySet(OrgScopedQuerySet["LawSessionSignUp"]):
    """Sign-ups, scoped by the organiser of the session."""

    area = Area.RIGHTS
    path_lookup = "offering__organization__path"

    def own(self, member: Member) -> Self:
        """The live sign-ups of ``member``; while private pages are closed, those made since with the present phone."""
        return self.filter(_own(member))

    def best_first(self) -> Self:
        """A person's rows: the one with a place first."""
        return self.order_by(_rank(), "pk")

    def placeless(self) -> Self:
        """Sign-ups of people who hold no place by another row; of closed accounts nothing is asked."""
        others = self.model.objects.filter(member=OuterRef("member"), offering=OuterRef("offering"), state__in=HOLDING)
        return self.exclude(_opens("member__") & Exists(others.exclude(pk=OuterRef("pk"))))

    def coming(self) -> Self:
        """Sign-ups for sessions that are not over."""
        return self.filter(offering__state=LawSessionState.OPEN, offering__ends_at__gt=timezone.now())

    def reachable(self) -> Self:
        """Sign-ups whose person can be told of them: nobody else holds the phone in the meantime."""
        same = Q(phone_index=F("member__phone_index"), created_at__gte=_known_since()) & ~Q(phone_index="")
        return self.filter(_opens("member__") | same)

    def for_list(self) -> Self:
        return self.select_related("member__organization", "offering__organization")
