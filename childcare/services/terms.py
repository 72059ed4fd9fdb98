"""Services of class terms: planning, checking, opening, changing and cancelling them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from childcare.choices.sites import SiteState
from childcare.choices.terms import TermState
from childcare.models import ClassTerm
from childcare.models.terms import POOL
from childcare.services.enrolments import check_not_here, enrolment_close
from childcare.services.sites import CLOSED
from childcare.services.telling import TOLD, tell, tell_offered
from portal.audit.gate import advance
from portal.audit.services import row_create, row_update
from portal.core import locks
from portal.core.errors import DomainError
from portal.organizations.selectors import legal_count
from portal.signups import services as engine
from portal.signups.choices import HOLDING, SignUpState

if TYPE_CHECKING:
    from datetime import date

    from childcare.models import CareSite
    from portal.members.models import Member

MOST_PLACES = 1000
# A change of these closes the safety gate.
GATED = {"first_on", "last_on", "site_id"}
# What a guardian signs.
AGREED = {"first_on", "last_on", "starts", "ends", "site_id", "fee"}
# What the list of a draw rests on.
FROZEN = {"places_total", "enrol_until", "age_from", "age_to", "reference_on", "by_draw"}
WATCHED = TOLD | GATED | FROZEN


def places_between(site: CareSite, on: date) -> tuple[int, int]:
    """Return the smallest and the largest number of places of a class in the site's region on a day."""
    least, most = (
        legal_count(f"childcare.places_{name}", on=on, most=MOST_PLACES, region=site.region) for name in ("min", "max")
    )
    return least, most


def _check_term(fields: dict[str, Any]) -> None:
    site = locks.hold(fields["site"])
    if site.state != SiteState.IN_USE:
        raise DomainError(CLOSED, code="ended")
    least, most = places_between(site, fields["first_on"])
    if not least <= fields["places_total"] <= most:
        raise DomainError(
            _("A class has from %(least)s to %(most)s places.") % {"least": least, "most": most}, code="places"
        )
    if fields["enrol_until"] > ClassTerm(first_on=fields["first_on"]).begins_at:
        raise DomainError(_("Enrolment ends before the class begins."), code="window")


@transaction.atomic
def term_create(*, actor: Member, **fields: Any) -> ClassTerm:
    """Plan a term; members do not see it before it is opened."""
    _check_term(fields)
    return row_create(actor=actor, row=ClassTerm(**fields), action="term.create")


@transaction.atomic
def term_update(*, actor: Member, term: ClassTerm, version: int, **fields: Any) -> ClassTerm:
    """Change a term and tell the guardians of what matters to them; raises Conflict after another edit.

    There can be no fewer places than are taken, and no ages that a child in the class or in line does not have. Days on
    which a confirmed child is in another class are refused. Another site or other days close the safety gate of a term
    that is not open yet; an open term stays at its site, and its papers must be valid on the new days.
    """
    _check_term(fields)
    before = {name: getattr(term, name) for name in WATCHED}
    held = row_update(actor=actor, row=term, action="term.update", version=version, fields=fields)
    changed = {name for name, value in before.items() if getattr(held, name) != value}
    if held.state == TermState.CANCELLED or held.is_over:
        raise DomainError(_("This term can no longer be changed."), code="over")
    if held.found_draw and changed & (FROZEN if held.found_draw.is_drawn else FROZEN | {"first_on"}):
        raise DomainError(_("The list for the draw is frozen: this can no longer be changed."), code="frozen")
    if "by_draw" in changed and held.signups.exists():
        raise DomainError(_("People have applied already: how places are given stays as it is."), code="applied")
    taken = held.signups.filter(state__in=HOLDING).count()
    if held.capacity(POOL) < taken:
        raise DomainError(
            _("%(count)s places are already taken: there cannot be fewer.") % {"count": taken}, code="places"
        )
    if changed & GATED:
        _move(held, actor, changed)
    if any(row.child and held.age_refusal(row.child) for row in held.signups.live().select_related("child")):
        raise DomainError(_("A child that has applied would no longer have the right age."), code="ages")
    if changed & AGREED:
        # What was signed were other days, hours, or another fee.
        held.signups.update(signed_at=None, signed_name="", signed_version=None)
    if held.state == TermState.ENROLLING:
        if changed & TOLD:
            tell(held, "childcare.term_changed")
        tell_offered(held, engine.promote(offering=held))
    return held


def _move(held: ClassTerm, actor: Member, changed: set[str]) -> None:
    if held.state == TermState.ENROLLING and "site_id" in changed:
        raise DomainError(
            _("A class that is open for enrolment stays at its site. Cancel it and plan another one."), code="site"
        )
    _check_gate(held, held.state == TermState.ENROLLING)
    confirmed = held.signups.filter(state=SignUpState.CONFIRMED)
    beside = held.signups.model.objects.confirmed_beside(held).filter(child__in=confirmed.values("child"))
    refusal = DomainError(_("A child of this class is in another class on these days."), code="beside")
    if beside.exists():
        raise refusal
    try:
        with transaction.atomic():
            held.signups.live().update(first_on=held.first_on, last_on=held.last_on)
    except IntegrityError:
        # The child took a place in the other class at this moment.
        raise refusal from None
    held.signups.filter(state=SignUpState.OFFERED, offered_until__gt=held.begins_at).update(
        offered_until=held.begins_at
    )
    if held.state == TermState.CHECKED:
        advance(held, TermState.PLANNED, actor=actor, checked_by=None)


def _check_gate(term: ClassTerm, asked: bool) -> None:
    lacking = term.gaps() if asked else []
    if lacking:
        raise DomainError(
            _("The safety gate is closed. Not valid on all days of the class: %(names)s.")
            % {"names": "、".join(str(name) for name in lacking)},
            code="gate",
        )


@transaction.atomic
def term_check(*, actor: Member, term: ClassTerm) -> ClassTerm:
    """Record that the safety papers are valid on all days of the term; refused with the names of those that are not.

    Nobody can pass this gate in another way.
    """
    _check_gate(locks.hold(term), asked=True)
    return advance(term, TermState.CHECKED, actor=actor, checked_by=actor)


@transaction.atomic
def term_open(*, actor: Member, term: ClassTerm) -> ClassTerm:
    """Open a checked term for enrolment, by a second person; the gate is asked again."""
    held = locks.hold(term)
    if held.has_begun:
        raise DomainError(_("This class has already begun. Change its days first."), code="begun")
    _check_gate(held, asked=True)
    return advance(held, TermState.ENROLLING, actor=actor)


@transaction.atomic
def term_reserve(*, actor: Member, term: ClassTerm, reserved: int, reason: str) -> ClassTerm:
    """Approve how many places are given on paper, with the reason that everybody reads."""
    fields = {"reserved": reserved, "reserved_reason": reason if reserved else "", "reserved_by": actor}
    held = locks.hold(term)
    if held.found_draw:
        raise DomainError(_("The list for the draw is frozen: this can no longer be changed."), code="frozen")
    taken = held.signups.filter(state__in=HOLDING).count()
    if reserved + taken > held.places_total:
        raise DomainError(
            _("%(count)s places are already taken: no more than the others can be reserved.") % {"count": taken},
            code="places",
        )
    held = row_update(actor=actor, row=held, action="term.reserve", fields=fields)
    if held.state == TermState.ENROLLING:
        tell_offered(held, engine.promote(offering=held))
    return held


@transaction.atomic
def term_cancel(*, actor: Member, term: ClassTerm, reason: str) -> ClassTerm:
    """Cancel a term: the guardians are told, all enrolments end, and no place goes on to anybody.

    Refused while a child is in the house.
    """
    check_not_here(locks.hold(term))
    held = advance(term, TermState.CANCELLED, actor=actor, note=reason, reason=reason[:300])
    tell(held, "childcare.term_cancelled", reason=reason)
    for row in held.signups.live().select_related("member").order_by("place"):
        enrolment_close(advance(row, SignUpState.WITHDRAWN, actor=actor, note=reason, offered_until=None))
    return held
