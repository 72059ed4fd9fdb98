"""Querysets of blocks and reports: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matchmaking.models import AbuseReport, Block
    from portal.members.models import Member


class BlockQuerySet(models.QuerySet["Block"]):
    """Blocks, seen only by the person who set them."""

    def visible_to(self, actor: Member) -> Self:
        return self.filter(blocker=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def between(self, one: int, two: int | None) -> Self:
        """Blocks between the two people, whoever set them."""
        return self.filter(Q(blocker=one, blocked=two) | Q(blocker=two, blocked=one))

    def apart(self, member_ids: Iterable[int]) -> set[frozenset[int]]:
        """Return the pairs of ``member_ids`` of whom one blocked the other, as frozensets of two ids."""
        ids = list(member_ids)
        rows = self.filter(blocker__in=ids, blocked__in=ids).values_list("blocker_id", "blocked_id")
        return {frozenset(row) for row in rows}


class AbuseReportQuerySet(OrgScopedQuerySet["AbuseReport"]):
    """Reports, scoped by the organisation that handles them.

    A person who is reported, or who reports, never handles the report.
    """

    area = Area.MATCHMAKING

    def visible_to(self, actor: Member) -> Self:
        return self.reached_by(actor, Capability.APPROVE).exclude(about=actor).exclude(reporter=actor)

    def own(self, member: Member) -> Self:
        """Reports made by ``member``."""
        return self.filter(reporter=member)

    def for_list(self) -> Self:
        return self.select_related(
            "organization", "event", "handler", "about__organization", "reporter__organization"
        ).order_by(F("due_on").asc(), "pk")
