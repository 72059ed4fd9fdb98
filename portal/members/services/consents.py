"""Giving and withdrawing consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core.errors import DomainError
from portal.members.identity import age_on, birth_date_of
from portal.members.models import Consent, Member

if TYPE_CHECKING:
    from datetime import date

    from portal.members.consents import Purpose

# Below the first age a guardian consents (Personal Information Protection Law, article 31); from the second on, a
# person may be a guardian.
GUARDIAN_BELOW = 14
GROWN_UP_FROM = 18


def least_age(member: Member, today: date) -> int | None:
    """Return the age that ``member`` has reached at least, or None where no birth date or year is known."""
    born = birth_date_of(member)
    if born is not None:
        return age_on(born, today)
    return today.year - member.birth_year - 1 if member.birth_year else None


def check_guardian(member: Member, guardian: Member | None) -> None:
    """Refuse a child's consent without a guardian, and a guardian who is not another, adult person.

    A member of unknown age is on a roster of employees and counts as an adult; so does a guardian of unknown age.
    """
    today = timezone.localdate()
    age = least_age(member, today)
    if guardian is None:
        if age is not None and age < GUARDIAN_BELOW:
            raise DomainError(_("For a child under 14 a parent or guardian agrees."), code="guardian-missing")
        return
    if guardian.pk == member.pk:
        raise DomainError(_("A guardian is another person."), code="guardian-self")
    check_grown_up(guardian)


def check_grown_up(guardian: Member) -> None:
    """Refuse a guardian under 18; one of unknown age counts as an adult."""
    age = least_age(guardian, timezone.localdate())
    if age is not None and age < GROWN_UP_FROM:
        raise DomainError(_("A guardian is at least 18 years old."), code="guardian-age")


@transaction.atomic
def consent_give(
    *,
    member: Member,
    purpose: Purpose,
    about_id: int | None = None,
    channel: str = "web",
    guardian: Member | None = None,
) -> Consent:
    """Record that ``member`` consented to ``purpose`` as shown now; a repeated consent is one row.

    For a member under 14, ``guardian`` gives the consent; without one it is refused. A purpose ``by_guardian`` is about
    a child without an account: ``member`` gives the consent as the guardian, and ``about_id`` is the child.
    """
    check_guardian(member, guardian)
    if purpose.by_guardian:
        check_grown_up(member)
    standing = Consent.objects.standing().filter(member=member, purpose=purpose.code, about_id=about_id)
    row = standing.select_for_update().first()
    if row is not None and row.version == purpose.version:
        return row
    if row is not None:
        standing.update(withdrawn_at=timezone.now())
    row = Consent.objects.create(
        member=member,
        purpose=purpose.code,
        version=purpose.version,
        about_id=about_id,
        language=get_language() or "",
        text_digest=purpose.digest,
        channel=channel,
        guardian=guardian,
        as_guardian=purpose.by_guardian,
    )
    data = {"version": purpose.version, **({"guardian": guardian.pk} if guardian else {})}
    if purpose.by_guardian:
        data["as_guardian"] = True
    audit_record(actor=guardian or member, action="consent.give", about=row, data=data)
    return row


@transaction.atomic
def consent_withdraw(*, member: Member, purpose: Purpose, about_id: int | None = None) -> None:
    """Withdraw a consent; the caller must stop what depends on it in the same transaction."""
    rows = Consent.objects.standing().filter(member=member, purpose=purpose.code, about_id=about_id)
    for row in rows.select_for_update():
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        audit_record(actor=member, action="consent.withdraw", about=row, fields=["withdrawn_at"])
