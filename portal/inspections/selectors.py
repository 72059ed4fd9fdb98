"""Reads of inspections: results, progress, and who may inspect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.choices import Capability
from portal.core.guard import each
from portal.inspections.choices import EvidenceKind, FindingState, InspectionState
from portal.inspections.scoring import Mark, judge
from portal.members.selectors import holders, nobody_nearer
from portal.web.todo import Todo

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

    from portal.core.choices import Area
    from portal.inspections.models import Finding, Inspection, RubricItem, Score
    from portal.inspections.scoring import Result
    from portal.members.models import Member
    from portal.organizations.models import Organization


SHOWN = 50


@dataclass(frozen=True)
class Line:
    """An item of an inspection with its score, or None where there is none yet."""

    item: RubricItem
    score: Score | None

    @property
    def mark(self) -> Mark:
        return self.score.mark if self.score is not None else Mark()

    @property
    def is_given(self) -> bool:
        """Return whether the item is answered."""
        return self.mark.is_given

    @property
    def vetoes(self) -> bool:
        """Return whether the item is a veto that applies."""
        return self.item.veto and self.mark.met is False

    @property
    def falls_short(self) -> bool:
        """Return whether the item is answered and not fully met."""
        return self.mark.met is False

    @property
    def lacks_evidence(self) -> bool:
        """Return whether the item is answered without the evidence that it asks for."""
        if self.score is None or not self.mark.applies or not self.is_given:
            return False
        if self.item.evidence == EvidenceKind.NUMBER:
            return self.score.number is None
        file = self.score.file
        # The content of a file in which a virus was found is deleted.
        return self.item.evidence in (EvidenceKind.PHOTO, EvidenceKind.FILE) and (file is None or bool(file.deleted_at))


@dataclass(frozen=True)
class Group:
    """The items of one group, in the order of the rubric; ``number`` counts the groups from 1."""

    number: int
    name: str
    lines: list[Line]

    @property
    def given(self) -> int:
        return sum(line.is_given for line in self.lines)

    @property
    def is_done(self) -> bool:
        """Return whether every item of the group is answered."""
        return self.given == len(self.lines)


def groups_of(inspection: Inspection) -> list[Group]:
    """Return the items of an inspection with their scores, by group; two queries."""
    scores = {score.item_id: score for score in inspection.scores.select_related("file")}
    found: dict[str, list[Line]] = {}
    for item in inspection.rubric_version.items.order_by("number"):
        found.setdefault(item.group, []).append(Line(item, scores.get(item.pk)))
    return [Group(number, name, lines) for number, (name, lines) in enumerate(found.items(), start=1)]


def result_of(inspection: Inspection, groups: list[Group] | None = None) -> Result:
    """Return the result by the scores as they are now."""
    lines = [line for group in groups or groups_of(inspection) for line in group.lines]
    marks = {line.item.number: line.mark for line in lines}
    return judge([line.item.as_scored() for line in lines], marks, inspection.rubric_version.scales())


def without_evidence(inspection: Inspection) -> list[int]:
    """Return the numbers of the answered items that lack the evidence they ask for."""
    return [line.item.number for group in groups_of(inspection) for line in group.lines if line.lacks_evidence]


def progress_of(groups: list[Group]) -> tuple[int, int]:
    """Return how many items are answered, and how many there are."""
    return sum(group.given for group in groups), sum(len(group.lines) for group in groups)


def inspection_todos(actor: Member, inspections: QuerySet[Any], findings: QuerySet[Any]) -> list[Todo]:
    """Return the to-do items of an area's inspections: to hold, and findings to re-check.

    An answered finding waits for the nearest staff of the inspecting union who did not answer it. One query, and a
    second one if there is a finding to re-check.
    """
    area = findings.area  # type: ignore[attr-defined]  # a FindingQuerySet
    nearest = nobody_nearer(actor, area, Capability.EDIT, organization="inspection__organization", but=("answered_by",))
    answered = findings.filter(nearest, state=FindingState.TO_RECHECK).exclude(answered_by=actor)
    found = inspections.waiting_for(actor, answered)  # type: ignore[attr-defined]  # an InspectionQuerySet
    rows = list(found.order_by("planned_on", "pk")[:SHOWN])
    finished = [row for row in rows if row.state == InspectionState.FINISHED]
    rechecks = answered.filter(inspection__in=finished).select_related("inspection") if finished else []
    items = list(each([row for row in rows if row.state != InspectionState.FINISHED], _to_hold))
    subjects = {row.pk: row.subject for row in finished}
    return [*items, *each(rechecks, lambda row: _to_recheck(row, subjects[row.inspection_id]))]


def _to_hold(row: Inspection) -> Todo:
    end = timezone.make_aware(datetime.combine(row.planned_on + timedelta(days=1), time.min))
    return Todo(_("Inspect: %(subject)s") % {"subject": row.subject}, row.get_absolute_url(), "clipboard-list", end)


def _to_recheck(row: Finding, subject: str) -> Todo:
    words = _("Re-check finding no. %(number)s: %(subject)s")
    return Todo(words % {"number": row.pk, "subject": subject}, row.get_absolute_url(), "circle-check")


def candidates(area: Area, organization: Organization) -> list[Member]:
    """Return the members who may inspect for ``organization``: they work in ``area`` there or above it."""
    return holders(area, Capability.EDIT, organization)
