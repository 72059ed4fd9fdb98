"""Numbers without gaps, and the agency words in front of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.papers.kinds import number_kinds
from portal.papers.models import AgencyWord, NumberSeries, TakenNumber
from portal.papers.numbering import agency_part, number_write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from portal.members.models import Member
    from portal.organizations.models import Organization

WORD_TAKEN = _("This agency word is already used for other papers.")


def number_take(*, organization: Organization, kind: str, year: int | None = None, about: Model) -> str:
    """Return the next number of ``organization`` for ``kind`` and ``year`` (by default this year), as it is written.

    Called in the transaction that gives the number to ``about``, a saved row: if that is rolled back, the number is
    free again. The series stays locked until then, so the number is best taken last. Raises RuntimeError outside a
    transaction, LookupError for an unknown kind, and DomainError if other papers use the same agency word.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("number_take belongs in the transaction that writes the row")
    held = locks.hold(_series(organization, kind, year or timezone.localdate().year))
    serial = held.next
    TakenNumber.objects.create(series=held, serial=serial, about_model=about._meta.label_lower, about_id=about.pk)
    held.next = serial + 1
    held.save(update_fields=["next"])
    return number_write(held.word, held.year, serial)


def _series(organization: Organization, kind: str, year: int) -> NumberSeries:
    """Return the series, and create it at its first number.

    Of two requests that create it at once, the database lets the second wait for the first.
    """
    for word in _words(organization, kind):
        found = NumberSeries.objects.filter(organization=organization, kind=kind, year=year, word=word)
        if row := found.first():
            return row
        new = NumberSeries(organization=organization, kind=kind, year=year, word=word)
        NumberSeries.objects.bulk_create([new], ignore_conflicts=True)
        if row := found.first():
            return row
    raise DomainError(WORD_TAKEN, code="word-taken")


def _words(organization: Organization, kind: str) -> Iterator[str]:
    """Yield the agency word that was set, or else those made from names, the shortest first.

    The next one is used where another organisation has the one before: with the name of the organisation above, and
    with the number of the organisation in the portal.
    """
    declared = number_kinds()[kind]
    own = AgencyWord.objects.filter(organization=organization, kind=kind).first()
    if own is not None:
        yield own.word
        return
    labels = [organization.label] if organization.parent is None else [organization.parent.label, organization.label]
    made = [agency_part(labels[-1:]), agency_part(labels), agency_part(labels[-1:], organization.pk)]
    for beginning in made:
        word = beginning + declared.word
        if not AgencyWord.objects.filter(word=word).exists():
            yield word


@transaction.atomic
def agency_word_set(*, actor: Member, organization: Organization, kind: str, word: str) -> AgencyWord:
    """Set the agency word of an organisation for a kind; numbers taken before keep theirs.

    DomainError if other papers have used the word; ValidationError if it is no agency word.
    """
    locks.wait_turn("papers.agency-word")
    number_kinds()[kind]
    if NumberSeries.objects.filter(word=word).exclude(organization=organization, kind=kind).exists():
        raise DomainError(WORD_TAKEN, code="word-taken")
    row = AgencyWord.objects.filter(organization=organization, kind=kind).first()
    row = row or AgencyWord(organization=organization, kind=kind)
    row.word = word
    row.full_clean()
    row.save()
    audit_record(actor=actor, action="agency-word.set", about=row, fields=["word"], data={"kind": kind})
    return row
