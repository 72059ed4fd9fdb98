"""Law sessions and sign-ups: who may read which."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils import timezone

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.signups.choices import LIVE
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
        return Q(pk__in=[])
    return Q(**own, **{f"{prefix}phone_index": member.phone_index, f"{prefix}created_at__gte": _known_since()})


def _known_since() -> datetime:
    """Return since when a sign-up in a closed account is taken to be of whoever holds the phone now.

    Operators give abandoned numbers to other people after about as long.
    """
    return timezone.now() - timedelta(days=settings.IDLE_ACCOUNT_DAYS)


def _line(member: Member) -> list[int]:
    """Return the member's organisation and those above it, by pk."""
    place = member.organization
    return [*place.ancestor_ids, place.pk] if place else []


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
        own = self.model.objects.filter(_own(member, "signups__"), pk=OuterRef("pk")).order_by("-signups__pk")
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

    def coming(self) -> Self:
        """Sign-ups for sessions that are not over."""
        return self.filter(offering__state=LawSessionState.OPEN, offering__ends_at__gt=timezone.now())

    def reachable(self) -> Self:
        """Sign-ups whose person can be told of them: nobody else holds the phone in the meantime."""
        open_again = Q(member__secrets_closed_until=None) | Q(member__secrets_closed_until__lte=timezone.now())
        opens = Q(member__proven_at__isnull=False) & open_again
        same = Q(phone_index=F("member__phone_index"), created_at__gte=_known_since()) & ~Q(phone_index="")
        return self.filter(opens | same)

    def for_list(self) -> Self:
        return self.select_related("member__organization", "offering__organization")
