"""Services of rubrics: loaded as data, changed in a new version, put in force by a second person."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record, row_create, row_update
from portal.core import locks
from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.inspections.choices import VersionState
from portal.inspections.models import Rubric, RubricGrade, RubricItem, RubricVersion
from portal.inspections.models.rubrics import MOST_ITEMS
from portal.inspections.scoring import Grade
from portal.members.services.second_person import second_person_ask
from portal.messaging.services.messages import message_post

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.members.models import Member

LOADING = Clock("inspections.load")
COPIED = ("number", "group", "text", "source", "points", "weight", "required", "veto", "evidence", "help")


@transaction.atomic
def rubric_load(
    *, code: str, name: str, area: str, rows: Iterable[Mapping[str, str]], grades: Iterable[tuple[int, str]]
) -> bool:
    """Create a rubric that ships with the portal, with its first version in force; return whether it was created.

    A rubric that exists stays as it is, because the province may have changed it since. ``rows`` are lines of a CSV
    file with the columns of ``COPIED``; ``grades`` are pairs of the least percentage and the name. Raises ValueError
    that names the line of a wrong row; nothing is then written.
    """
    if Rubric.objects.filter(code=code).exists():
        return False
    rubric = Rubric.objects.create(code=code, name=name, area=Area(area))
    version = RubricVersion.objects.create(rubric=rubric, number=1)
    for line, row in enumerate(rows, start=2):
        try:
            item = RubricItem(version=version, **_typed(row))
            item.full_clean()
        except (KeyError, ValueError, InvalidOperation, ValidationError) as error:
            raise ValueError(f"{code}, line {line}: {error}") from error
        item.save(force_insert=True)
    _grade(version, [Grade(least, words) for least, words in grades])
    advance(version, VersionState.IN_FORCE, actor=LOADING, valid_from=timezone.localdate())
    return True


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a line of text as the columns of an item."""
    truth = {"true": True, "false": False}
    return {
        **{name: row[name] for name in ("group", "text", "source", "evidence", "help")},
        **{name: int(row[name]) for name in ("number", "points")},
        **{name: truth[row[name]] for name in ("required", "veto")},
        "weight": Decimal(row["weight"]),
    }


def _grade(version: RubricVersion, grades: Iterable[Grade]) -> None:
    version.grades.all().delete()
    RubricGrade.objects.bulk_create([RubricGrade(version=version, least=one.least, name=one.name) for one in grades])


def _draft(version: RubricVersion) -> RubricVersion:
    """Lock a version that may still change, or refuse: a version in force never changes."""
    held = locks.hold(version)
    if held.state != VersionState.DRAFT:
        raise DomainError(_("Only a draft can be changed. Begin a new version."), code="not-a-draft")
    return held


@transaction.atomic
def version_begin(*, actor: Member, rubric: Rubric) -> RubricVersion:
    """Begin a new version of a rubric as a copy of the latest one; a second person must put it in force."""
    held = locks.hold(rubric)
    latest = held.versions.order_by("-number").first()
    number = latest.number + 1 if latest is not None else 1
    version = row_create(
        actor=actor, row=RubricVersion(rubric=held, number=number, created_by=actor), action="version.create"
    )
    if latest is not None:
        RubricItem.objects.bulk_create(
            [
                RubricItem(version=version, **{name: getattr(item, name) for name in COPIED})
                for item in latest.items.all()
            ]
        )
        _grade(version, latest.scales())
    return version


@transaction.atomic
def version_discard(*, actor: Member, version: RubricVersion) -> Rubric:
    """Delete a draft with its items."""
    held = _draft(version)
    rubric = held.rubric
    audit_record(actor=actor, action="version.drop", about=rubric, data={"version": held.number})
    held.delete()
    return rubric


@transaction.atomic
def version_grade(*, actor: Member, version: RubricVersion, grades: Iterable[Grade]) -> RubricVersion:
    """Replace the grades of a draft."""
    held = _draft(version)
    _grade(held, grades)
    audit_record(actor=actor, action="version.update", about=held, fields=["grades"])
    return held


@transaction.atomic
def item_create(*, actor: Member, version: RubricVersion, **fields: Any) -> RubricItem:
    """Add an item to a draft."""
    held = _draft(version)
    if held.items.count() >= MOST_ITEMS:
        raise DomainError(_("A rubric can have at most %(count)s items.") % {"count": MOST_ITEMS}, code="too-many")
    return row_create(actor=actor, row=RubricItem(version=held, **fields), action="item.create")


@transaction.atomic
def item_update(*, actor: Member, item: RubricItem, **fields: Any) -> RubricItem:
    """Change an item of a draft."""
    _draft(item.version)
    return row_update(actor=actor, row=item, action="item.update", fields=fields)


@transaction.atomic
def item_remove(*, actor: Member, item: RubricItem) -> RubricVersion:
    """Remove an item from a draft."""
    held = _draft(item.version)
    audit_record(actor=actor, action="item.remove", about=held, data={"number": item.number})
    item.delete()
    return held


@transaction.atomic
def version_submit(*, actor: Member, version: RubricVersion) -> RubricVersion:
    """Submit a draft to a second person at the province."""
    held = _draft(version)
    if not held.items.exists():
        raise DomainError(_("A rubric needs at least one item."), code="empty")
    held = advance(
        held,
        VersionState.SUBMITTED,
        actor=actor,
        submitted_by=actor,
        submitted_at=timezone.now(),
        return_reason="",
    )
    second_person_ask(
        row=held, area=Area(held.rubric.area), kind="inspections.version_submitted", title=held.rubric.name
    )
    return held


@transaction.atomic
def version_return(*, actor: Member, version: RubricVersion, reason: str) -> RubricVersion:
    """Return a version to its author with a reason."""
    held = advance(version, VersionState.DRAFT, actor=actor, note=reason, return_reason=reason)
    _tell_author(held, "inspections.version_returned", {"reason": reason})
    return held


@transaction.atomic
def version_publish(*, actor: Member, version: RubricVersion) -> RubricVersion:
    """Put a version in force from today, as the second person; the version before it is replaced.

    Inspections that were planned by the earlier version keep it.
    """
    rubric, today = locks.hold(version.rubric), timezone.localdate()
    held = locks.hold(version)
    if held.state != VersionState.SUBMITTED:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    for earlier in rubric.versions.filter(state=VersionState.IN_FORCE):
        advance(earlier, VersionState.REPLACED, actor=actor, replaced_on=today)
    held = advance(held, VersionState.IN_FORCE, actor=actor, published_by=actor, valid_from=today)
    _tell_author(held, "inspections.version_published", {})
    return held


def _tell_author(version: RubricVersion, kind: str, context: Mapping[str, object]) -> None:
    author = version.submitted_by or version.created_by
    if author is not None:
        message_post(
            kind=kind,
            to=author,
            about=version,
            context={"title": version.rubric.name, **context},
            url=version.get_absolute_url(),
        )
