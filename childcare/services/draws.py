"""Services of draws: freezing the list, and drawing with a seed that nobody knew at the freeze."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.terms import TermState
from childcare.models import Enrolment, TermDraw
from childcare.models.terms import OFFER_HOURS, POOL
from childcare.services.enrolments import enrolment_close
from childcare.services.telling import tell_declined, tell_offered, tell_waiting
from portal.audit.services import audit_record, row_create
from portal.core import locks
from portal.core.errors import DomainError
from portal.signups import services as engine
from portal.signups.choices import SignUpState
from portal.signups.draws import (
    DrawList,
    Entry,
    bits_needed,
    broken_promises,
    canonical,
    draw,
    list_hash,
    published,
    seed_is_long_enough,
    seed_is_plain,
)

if TYPE_CHECKING:
    from datetime import datetime

    from childcare.models import ClassTerm
    from portal.members.models import Member


def code_of(term: ClassTerm) -> str:
    """Return the code by which a term stands in public lists."""
    return f"T{term.pk}"


@transaction.atomic
def term_freeze(*, actor: Member, term: ClassTerm, seed_source: str, seed_after: datetime) -> TermDraw:
    """Freeze the list of applications after enrolment ended, and publish its check sum.

    From now on nobody enters and no application changes. Refused while one child stands on the list twice, with the
    positions named. The source of the seed is named here, before anybody can know the seed.
    """
    held = locks.hold(term)
    if held.state != TermState.ENROLLING or not held.by_draw or held.found_draw or held.enrol_until > timezone.now():
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    if seed_after <= timezone.now():
        raise DomainError(_("The seed must come after the list is frozen."), code="seed-early")
    if seed_after > held.begins_at - OFFER_HOURS:
        raise DomainError(_("The seed must be known two days before the class begins."), code="seed-late")
    if not held.capacity(POOL):
        raise DomainError(_("There is no place to draw: all are reserved."), code="no-places")
    rows = list(held.signups.filter(state=SignUpState.APPLIED).select_related("child").order_by("place"))
    if not rows:
        raise DomainError(_("Nobody has applied."), code="nobody")
    _check_once(rows)
    for number, row in enumerate(rows, 1):
        row.number = number
    Enrolment.objects.bulk_update(rows, ["number"], batch_size=500)
    listed = _list_of(held, len(rows))
    made = TermDraw(
        term=held,
        frozen=canonical(listed),
        list_hash=list_hash(listed),
        seed_source=seed_source,
        seed_after=seed_after,
        frozen_by=actor,
    )
    row_create(actor=actor, row=made, action="draw.create")
    # Whoever applies at this moment is asked again, and refused.
    held.gate_changes += 1
    held.save(update_fields=["gate_changes"])
    audit_record(actor=actor, action="term.freeze", about=held, data={"numbers": len(rows), "hash": made.list_hash})
    return made


@transaction.atomic
def application_decline(*, actor: Member, term: ClassTerm, place: int, reason: str) -> Enrolment:
    """Decline one of two applications for the same child before the list is frozen; the guardian reads the reason.

    Refused for an application that is no double: otherwise one person could clear the list for somebody. Nobody who
    declines sees a name.
    """
    row = term.signups.filter(state=SignUpState.APPLIED, place=place).select_related("child", "member").first()
    if row is not None and row.child is not None:
        # The child comes before the term, as in every other service.
        locks.hold(row.child)
    if row is None or locks.hold(term).found_draw:
        raise DomainError(_("No application waits at this position."), code="nobody")
    others = term.signups.filter(state=SignUpState.APPLIED).exclude(pk=row.pk).select_related("child")
    if _identity(row) not in {_identity(other) for other in others}:
        raise DomainError(_("No other application is about this child."), code="no-double")
    declined: Enrolment = engine.review(signup=row, accept=False, actor=actor, note=reason)
    enrolment_close(declined)
    tell_declined(declined, reason)
    return declined


def _check_once(rows: list[Enrolment]) -> None:
    """Refuse a list on which two applications name the same child, entered by two people."""
    known: dict[object, int] = {}
    for row in rows:
        first = known.setdefault(_identity(row), row.place)
        if first != row.place:
            raise DomainError(
                _("Applications %(one)s and %(two)s seem to be about one child. One of them must be withdrawn first.")
                % {"one": first, "two": row.place},
                code="twice",
            )


def _identity(row: Enrolment) -> object:
    """Return by what two applications are recognised as one child's."""
    return (row.child.name, row.child.born_on) if row.child else row.pk


def _list_of(term: ClassTerm, count: int) -> DrawList:
    code = code_of(term)
    return DrawList({code: term.capacity(POOL)}, [Entry(number, 1, (code,)) for number in range(1, count + 1)])


def _frozen_list(found: TermDraw) -> DrawList:
    read = json.loads(found.frozen)
    entries = [Entry(**{**entry, "wishes": tuple(entry["wishes"])}) for entry in read["entries"]]
    return DrawList(read["capacity"], entries)


@transaction.atomic
def term_draw(*, actor: Member, term: ClassTerm, seed: str) -> TermDraw:
    """Draw the places with the seed, once; the result is published and its promises are checked before it is kept.

    Whoever withdrew before the seed could be known is skipped; whoever withdraws later has taken part, so that nobody
    can change the result by withdrawing. Refused for a seed that names fewer outcomes than the draw has.
    """
    held = locks.hold(term)
    found = TermDraw.objects.select_for_update().filter(term=held).first()
    if found is None or not found.waits_for_seed or held.state != TermState.ENROLLING or held.has_begun:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    listed, seed = _frozen_list(found), seed.strip()
    applicants, places = len(listed.entries), sum(listed.capacity.values())
    if not seed_is_plain(seed):
        raise DomainError(_("The seed consists of digits, Latin letters and signs."), code="seed-odd")
    if not seed_is_long_enough(seed, applicants, places):
        raise DomainError(
            _("This seed is too short: %(count)s applications for %(places)s places need %(bits)s bits.")
            % {"count": applicants, "places": places, "bits": min(bits_needed(applicants, places), 256)},
            code="seed-short",
        )
    rows = {row.number: row for row in held.signups.filter(number__isnull=False)}
    withdrawn = {number for number in range(1, applicants + 1) if _left_before(rows.get(number), found.seed_after)}
    result = draw(listed, seed, withdrawn)
    if broken := broken_promises(listed, seed, result, withdrawn):
        raise DomainError(_("The draw does not keep its promises: %(faults)s") % {"faults": broken}, code="broken")
    found.seed, found.published = seed, published(listed, seed, result, withdrawn)
    found.drawn_at, found.drawn_by = timezone.now(), actor
    found.save(update_fields=["seed", "published", "drawn_at", "drawn_by"])
    audit_record(actor=actor, action="term.draw", about=held, data={"hash": found.list_hash, "seed": seed})
    order = [rows[number] for number in result.order if number in rows and rows[number].state == SignUpState.APPLIED]
    tell_offered(held, engine.place_drawn(offering=held, order=order, actor=actor))
    tell_waiting(held)
    return found


def _left_before(row: Enrolment | None, moment: datetime) -> bool:
    """Return whether a number was withdrawn before ``moment``; one whose data was erased has taken part."""
    return row is not None and row.left_at is not None and row.left_at < moment
