"""Services of scores: one item at a time, as a phone with a poor signal sends them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.exchange.choices import FileKind
from portal.exchange.services.files import file_empty, file_store
from portal.inspections.choices import InspectionState
from portal.inspections.scoring import mark_for
from portal.inspections.services.inspections import check_inspector

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal
    from typing import Any

    from portal.exchange.models import StoredFile
    from portal.inspections.models import Inspection, RubricItem, Score
    from portal.inspections.scoring import Mark
    from portal.members.models import Member

    # Name, content and content type, as ``document_clean`` returns them.
    Upload = tuple[str, bytes, str]

NOT_UNDER_WAY = _("Scores can only be entered while the inspection is under way.")
REFUSALS = {
    "required": _("This item always applies."),
    "points": _("Choose one of the numbers of points of this item."),
    "yes-or-no": _("Answer this item with yes or no."),
}


def upload_store(*, actor: Member, upload: Upload) -> StoredFile:
    """Store an upload that was already cleaned; DomainError if it has a virus."""
    name, content, content_type = upload
    kind = FileKind.PICTURE if content_type == "image/jpeg" else FileKind.DOCUMENT
    return file_store(actor=actor, name=name, chunks=[content], kind=kind, content_type=content_type)


def _open(inspection: Inspection, item: RubricItem, actor: Member) -> Inspection:
    """Lock an inspection whose scores may still change, or refuse."""
    held = locks.hold(inspection)
    if held.state != InspectionState.UNDER_WAY:
        raise DomainError(NOT_UNDER_WAY, code="not-under-way")
    check_inspector(held, actor)
    if item.version_id != held.rubric_version_id:
        raise DomainError(_("This item is not part of the rubric of this inspection."), code="other-rubric")
    return held


def _on_site(inspection: Inspection, moment: datetime) -> bool:
    """Return whether ``moment`` lies between the day of the inspection and now; the clock of a phone may be wrong."""
    if inspection.held_on is None or moment > timezone.now():
        return False
    return timezone.localdate(moment) >= inspection.held_on


def _row(inspection: Inspection, item: RubricItem) -> Score:
    found = inspection.scores.filter(item=item).first()
    model: type[Any] = inspection.scores.model
    return found or model(inspection=inspection, item=item)


def _mark(item: RubricItem, points: int | None, met: bool | None, applies: bool) -> Mark:
    try:
        return mark_for(item.as_scored(), points=points, met=met, applies=applies)
    except ValueError as error:
        raise DomainError(REFUSALS[str(error)], code=str(error)) from None


@transaction.atomic
def score_set(
    *,
    actor: Member,
    inspection: Inspection,
    item: RubricItem,
    points: int | None = None,
    met: bool | None = None,
    applies: bool = True,
    note: str = "",
    number: Decimal | None = None,
) -> Score:
    """Save the answer to one item; the same answer again changes nothing.

    ``points`` answers an item with points, ``met`` a yes-or-no item; neither leaves it unanswered. The last writer is
    recorded. Refused unless the inspection is under way.
    """
    held = _open(inspection, item, actor)
    mark, row = _mark(item, points, met, applies), _row(held, item)
    values = {"points": mark.points, "met": mark.met, "applies": mark.applies, "note": note, "number": number}
    touched = [name for name, value in values.items() if getattr(row, name) != value]
    if row.pk and not touched:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    return _save(actor, row, touched)


def _save(actor: Member, row: Score, touched: list[str]) -> Score:
    row.scored_by, row.scored_at = actor, timezone.now()
    row.full_clean(exclude=["inspection", "item", "file"], validate_constraints=False)
    row.save()
    audit_record(
        actor=actor,
        action="score.set",
        about=row,
        fields=touched,
        data={"item": row.item.number, "points": row.points, "applies": row.applies},
    )
    return row


@transaction.atomic
def score_attach(
    *, actor: Member, inspection: Inspection, item: RubricItem, upload: Upload, taken_at: datetime | None = None
) -> Score:
    """Attach a photo or file to the answer of one item; it replaces the one before.

    The same content again changes nothing. ``upload`` is already cleaned; ``taken_at`` is what the phone says, and not
    kept if it lies in the future or before the day of the inspection.
    """
    if not inspection._meta.model._default_manager.filter(pk=inspection.pk, state=InspectionState.UNDER_WAY).exists():
        raise DomainError(NOT_UNDER_WAY, code="not-under-way")
    digest = hashlib.sha256(upload[1]).hexdigest()
    standing = inspection.scores.filter(item=item, file__sha256=digest, file__deleted_at=None).first()
    if standing is not None:
        return standing
    # Before anything is locked, because the virus scanner may take seconds.
    stored = upload_store(actor=actor, upload=upload)
    held = _open(inspection, item, actor)
    row = _row(held, item)
    before, row.file = row.file, stored
    row.taken_at = taken_at if taken_at is not None and _on_site(held, taken_at) else None
    row = _save(actor, row, ["file"])
    if before is not None:
        file_empty(stored=before)
    return row
