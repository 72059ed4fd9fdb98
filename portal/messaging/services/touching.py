"""Touches: which figures a change affects, noted in its transaction and used by statistics."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.messaging.models import Touch

if TYPE_CHECKING:
    from collections.abc import Iterable

EVERYTHING = "*"

# Source, organisation, first day; then optionally the last day; then the earlier path.
Change = (
    tuple[str, int | None, date | None]
    | tuple[str, int | None, date | None, date | None]
    | tuple[str, int | None, date | None, date | None, str]
)


def touch(
    source: str, organization_id: int | None, first: date | None, last: date | None = None, path: str = ""
) -> None:
    """Note that rows of ``source`` at an organisation changed for the days from ``first`` to ``last``.

    ``source`` is a model's label such as "members.member", or "*" for everything of the organisation and of all below
    it (moved, closed, reopened), with ``path`` as it was before. Without ``last`` all later days are included. For a
    change of organisation or date, the row is touched both as it was and as it is.
    """
    touches_post([(source, organization_id, first, last, path)])


def touches_post(touches: Iterable[Change]) -> None:
    """Note many changes at once: (source, organization_id, first[, last[, path]])."""
    rows = {}
    for source, organization_id, first, *rest in touches:
        last, path = (*rest, None, "")[:2] if len(rest) != 1 else (rest[0], "")
        if organization_id is None or first is None:
            continue
        first, last = _day(first), last and _day(last)
        rows[(source, organization_id, first, last, path)] = Touch(
            source=source, organization_id=organization_id, first=first, last=last, path=path
        )
    Touch.objects.bulk_create(rows.values(), batch_size=2000)


def _day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
