"""Who sees which data of a member, computed from the access rules, and that data as a file."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Font

from portal.core.discovery import declared
from portal.core.own_data import Assigned, Seen, Source
from portal.core.roles import Role, allows
from portal.exchange.export import safe_cell
from portal.members.models import Duty, Member

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import Promise

    from portal.organizations.models import Organization


@dataclass(frozen=True)
class Reader:
    """The people with one role at one organisation, not counting the member whose data it is."""

    role: str | Promise
    organization: str
    count: int


@dataclass(frozen=True)
class Disclosure:
    """What is shown, what it is about, and to whom."""

    seen: Seen
    about: object
    readers: tuple[Reader, ...]


def disclosures(member: Member) -> list[Disclosure]:
    """Return who reads the member's data today, for each item of ``own_data.py`` and each organisation.

    The readers hold a duty at the organisation of the item, or above it where the item is visible from above, and their
    role has the capability in the role table. These are the same three facts that ``reach`` answers from.
    """
    places = [(seen, path, about) for seen in all_seen() for path, about in seen.where(member)]
    line = {int(part) for _seen, path, _about in places for part in path.strip("/").split("/")}
    duties = (
        Duty.objects.current()
        .filter(organization_id__in=line, member__is_active=True)
        .exclude(member=member)
        .select_related("organization")
        .order_by("organization__path", "role")
    )
    held = list(duties)
    return [Disclosure(seen, about, _readers(held, seen, path)) for seen, path, about in places]


def all_seen() -> list[Seen]:
    """Return all items of visible data that the shared packages and areas declare."""
    return [seen for module in declared("own_data") for seen in module.SEEN]


def _readers(duties: Iterable[Duty], seen: Seen, path: str) -> tuple[Reader, ...]:
    people: dict[tuple[str, Organization], set[int]] = {}
    for duty in duties:
        stands = duty.organization.path
        near = path == stands if seen.place_only else path.startswith(stands)
        if near and allows(duty.role, seen.area, seen.capability):
            people.setdefault((duty.role, duty.organization), set()).add(duty.member_id)
    return tuple(
        Reader(Role(role).label, organization.label, len(members)) for (role, organization), members in people.items()
    )


def assignments(member: Member) -> list[Assigned]:
    """Return the people who see something of the member without holding a duty."""
    return [row for module in declared("own_data") for row in module.assigned(member)]


def sources() -> list[Source]:
    """Return the sheets of a download, in the order of the layers."""
    return [source for module in declared("own_data") for source in module.SOURCES]


def as_json(member: Member) -> bytes:
    """Return all data of the member as JSON in UTF-8: sheets by code, rows as lists below their columns."""
    sheets = {
        source.code: {
            "title": source.title,
            "columns": source.columns,
            "rows": [[_plain(value) for value in row] for row in source.rows(member)],
        }
        for source in sources()
    }
    made = {"made_at": timezone.localtime().isoformat(timespec="seconds"), "sheets": sheets}
    return json.dumps(made, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def as_workbook(member: Member) -> bytes:
    """Return all data of the member as a workbook with one sheet for each source.

    No text is left that a spreadsheet would take for a formula.
    """
    book = Workbook()
    book.remove(book.active)
    for source in sources():
        sheet = book.create_sheet(str(source.title)[:31])
        sheet.append([str(label) for label in source.columns])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in source.rows(member):
            sheet.append([safe_cell(_plain(value)) for value in row])
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(value: Any) -> bool | int | float | str | None:
    """Return a value as both files hold it: local times without their time zone, labels as text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if hasattr(value, "tzinfo"):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
