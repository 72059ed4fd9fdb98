"""Inspections of nursing rooms by rubric, and their findings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from nursing_rooms.querysets.inspections import RoomFindingQuerySet, RoomInspectionQuerySet, RoomScoreQuerySet
from portal.inspections.models import Finding, Inspection, Inspector, Score

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Organization


ONE_YEAR = timedelta(days=365)


class RoomInspection(Inspection):
    """An inspection of one room, by the county or a level above it."""

    rubric_code = "nursing_rooms.room"
    least_inspectors = 1
    notice_code = "nursing_rooms.notice"

    room = models.ForeignKey(
        "nursing_rooms.NursingRoom",
        on_delete=models.PROTECT,
        related_name="inspections",
        verbose_name=_("Nursing room"),
    )

    objects = RoomInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Inspection of a room")
        verbose_name_plural = _("Inspections of rooms")
        ordering = ["-planned_on", "-pk"]
        constraints = Inspection.inspection_constraints("nursing_rooms_inspect")
        indexes = [
            models.Index(fields=["room", "-planned_on"], name="nursing_rooms_inspect_room"),
            models.Index(fields=["organization", "-id"], name="nursing_rooms_inspect_org"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("nursing_rooms:inspection-detail", args=[self.pk])

    @property
    def unit(self) -> Organization:
        """The union responsible for the room."""
        return self.room.organization

    @property
    def subject(self) -> str:
        return self.room.name

    def barred(self, member: Member) -> bool:
        """Return whether ``member`` looked after the room lately, or belongs to the union responsible for it.

        A union that inspects a room for which it is itself responsible has no other inspectors than its own.
        """
        if member.pk in self.manager_pks:
            return True
        return self.organization_id != self.room.organization_id and super().barred(member)

    def keepers(self) -> list[Member]:
        """Return the people who look after the room today."""
        rows = self.room.managers.current().filter(member__is_active=True).select_related("member")
        return [row.member for row in rows]

    def keepers_url(self) -> str:
        return reverse("nursing_rooms:room-mine")

    @cached_property
    def manager_pks(self) -> frozenset[int]:
        """The members who looked after the room within a year before the inspection; read once for all buttons."""
        rows = self.room.managers.since(self.planned_on - ONE_YEAR)
        return frozenset(rows.values_list("member_id", flat=True))


class RoomInspector(Inspector):
    """A person who inspects a room."""

    inspection = models.ForeignKey(RoomInspection, on_delete=models.CASCADE, related_name="inspectors")

    class Meta:
        verbose_name = _("Inspector of a room")
        verbose_name_plural = _("Inspectors of rooms")
        constraints = Inspector.inspector_constraints("nursing_rooms_inspector")


class RoomScore(Score):
    """The answer to one item of the rubric for a room."""

    inspection = models.ForeignKey(RoomInspection, on_delete=models.CASCADE, related_name="scores")

    objects = RoomScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("Score of a room")
        verbose_name_plural = _("Scores of rooms")
        constraints = Score.score_constraints("nursing_rooms_score")

    def get_absolute_url(self) -> str:
        return self.inspection.get_absolute_url()


class RoomFinding(Finding):
    """What an inspection found at a room."""

    clock = "nursing_rooms.finding"

    inspection = models.ForeignKey(RoomInspection, on_delete=models.CASCADE, related_name="findings")

    objects = RoomFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Finding at a room")
        verbose_name_plural = _("Findings at rooms")
        ordering = ["-pk"]
        constraints = Finding.finding_constraints("nursing_rooms_finding")

    def get_absolute_url(self) -> str:
        return reverse("nursing_rooms:finding-detail", args=[self.pk])
