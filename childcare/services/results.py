"""Services of what comes after a class: the rating of the parents, the settlement and its confirmation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.days import AttendanceState
from childcare.choices.terms import TermState
from childcare.models import Attendance, ClassDay, TermResult
from childcare.selectors.days import MOST
from childcare.subsidy import STEPS, Subsidy, subsidy_of
from portal.audit.services import audit_record, row_create
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services.touching import touch
from portal.organizations.selectors import legal_count, legal_number
from portal.signups.choices import TOOK_PART

if TYPE_CHECKING:
    from childcare.models import ClassTerm, Enrolment
    from portal.members.models import Member

# As childcare/retention.py deletes them.
LISTS_KEPT = timedelta(days=90)
CAME = (AttendanceState.HERE, AttendanceState.COLLECTED)


@transaction.atomic
def enrolment_rate(*, actor: Member, enrolment: Enrolment, rating: int) -> Enrolment:
    """Rate a class that is over, from 1 to 5, as the guardian of a child that had a place; a later answer replaces it.

    Once the class is settled, nothing changes any more.
    """
    held = locks.hold(enrolment)
    if held.state not in TOOK_PART or not held.offering.is_over:
        raise DomainError(_("A class is rated once it is over."), code="not-over")
    if TermResult.objects.filter(term=held.offering).exists():
        raise DomainError(_("This class is settled already."), code="settled")
    held.rating = rating
    held.save(update_fields=["rating"])
    audit_record(actor=actor, action="enrolment.rate", about=held)
    return held


@transaction.atomic
def term_settle(*, actor: Member, term: ClassTerm, incidents: int) -> TermResult:
    """Settle a class that is over: its figures are counted from the rows and stay.

    ``incidents`` is how many safety incidents whoever settles it states; refused if it is not the number reported.
    """
    # Classes of one site are settled one after the other: each asks how many were subsidised before it.
    locks.hold(term.site)
    held = locks.hold(term)
    if held.state != TermState.ENROLLING or not held.is_over:
        raise DomainError(_("A class is settled once it is over."), code="not-over")
    _check_lists(held)
    if TermResult.objects.filter(term=held).exists():
        raise DomainError(_("This class is settled already."), code="settled")
    reported = held.incidents.count()
    if incidents != reported:
        raise DomainError(
            _("%(count)s incidents were reported in this class. State the same number, or have the others reported.")
            % {"count": reported},
            code="incidents",
        )
    came = Attendance.objects.filter(day__term=held, state__in=CAME)
    figures = came.aggregate(
        children=Count("enrolment", distinct=True), child_days=Count("pk"), days=Count("day", distinct=True)
    )
    rated = held.signups.filter(rating__isnull=False).aggregate(ratings=Count("pk"), total=Sum("rating"))
    worked = held.days.values("presences__staff").exclude(presences__staff=None).distinct().count()
    is_new = not ClassDay.objects.filter(term__site=held.site, on__lt=held.first_on).exists()
    subsidy = _subsidy(held, figures["children"], figures["days"], is_new=is_new)
    row = TermResult(
        term=held,
        ended_on=held.last_on,
        children=figures["children"],
        child_days=figures["child_days"],
        class_days=figures["days"],
        teachers=worked,
        incidents=reported,
        ratings=rated["ratings"],
        rating_total=rated["total"] or 0,
        is_new=is_new,
        subsidy=subsidy.amount,
        subsidy_rule=subsidy.rule,
        settled_by=actor,
    )
    return row_create(actor=actor, row=row, action="term.settle")


def _check_lists(term: ClassTerm) -> None:
    """Refuse to count a class whose lists are deleted by now: every figure would be 0."""
    if term.last_on <= timezone.localdate() - LISTS_KEPT:
        raise DomainError(_("The lists of this class are deleted: 90 days after its end."), code="deleted")


def _subsidy(term: ClassTerm, children: int, days: int, *, is_new: bool) -> Subsidy:
    """Return the subsidy by the amounts in force on the last day of the term."""
    region, on = term.site.region, term.last_on
    kind = "new" if is_new else "continuing"
    amounts = {step: legal_number(f"childcare.subsidy_{kind}_{step}", on=on, region=region) for step in STEPS}
    paid = TermResult.objects.filter(term__site=term.site, ended_on__year=on.year, subsidy__gt=0)
    return subsidy_of(
        children,
        days,
        paid.count(),
        amounts,
        least_days=legal_count("childcare.subsidy_least_days", on=on, most=MOST, region=region),
        most_classes=legal_count("childcare.subsidy_most_classes", on=on, most=MOST, region=region),
    )


def _held_result(term: ClassTerm) -> TermResult:
    found = TermResult.objects.filter(term=term).first()
    if found is None:
        raise DomainError(_("This class is not settled yet."), code="no-result")
    return locks.hold(found)


@transaction.atomic
def result_confirm(*, actor: Member, term: ClassTerm) -> TermResult:
    """Confirm the settlement of a class as the second person; from now on the class is in the statistics."""
    held = _held_result(term)
    if held.confirmed_at is not None:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    held.confirmed_by, held.confirmed_at = actor, timezone.now()
    held.save(update_fields=["confirmed_by", "confirmed_at"])
    audit_record(actor=actor, action="result.confirm", about=held)
    touch(TermResult._meta.label_lower, held.term.site.organization_id, held.ended_on)
    return held


@transaction.atomic
def result_discard(*, actor: Member, term: ClassTerm, reason: str) -> None:
    """Take a settlement back before it is confirmed, so that the class can be settled again."""
    held = _held_result(term)
    if held.confirmed_at is not None:
        raise DomainError(_("A confirmed settlement stays."), code="confirmed")
    _check_lists(term)
    audit_record(actor=actor, action="result.discard", about=held, note=reason)
    held.delete()
