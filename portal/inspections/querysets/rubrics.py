"""Querysets of rubrics: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from portal.core.choices import Area, Capability
from portal.inspections.choices import UNPUBLISHED, VersionState
from portal.inspections.rules import at_the_province

if TYPE_CHECKING:
    from typing import Any

    from portal.inspections.models import Rubric, RubricItem, RubricVersion
    from portal.members.models import Member


def _areas(actor: Member) -> list[str]:
    """Return the areas in which the actor may view rows somewhere; none for a visitor."""
    if not getattr(actor, "is_authenticated", False):
        return []
    return [area for area in Area if actor.reach(area, Capability.VIEW)]


class RubricQuerySet(models.QuerySet["Rubric"]):
    """Rubrics, read by everyone who works in their area: they belong to no organisation."""

    def visible_to(self, actor: Member) -> Self:
        return self.filter(area__in=_areas(actor))


class RubricVersionQuerySet(models.QuerySet["RubricVersion"]):
    """Versions of rubrics; a version that is being written is read at the province only."""

    def visible_to(self, actor: Member) -> Self:
        areas = _areas(actor)
        own = [area for area in areas if at_the_province(actor, area, Capability.VIEW)]
        return self.filter(Q(rubric__area__in=own) | Q(~Q(state__in=UNPUBLISHED), rubric__area__in=areas))

    def in_force(self) -> Self:
        """Narrow to the versions by which new inspections are made; one for each rubric."""
        return self.filter(state=VersionState.IN_FORCE)

    def for_list(self) -> Self:
        return self.select_related("rubric")


class RubricItemQuerySet(models.QuerySet["RubricItem"]):
    """Items, read with their version."""

    def visible_to(self, actor: Member) -> Self:
        versions: Any = self.model._meta.get_field("version").related_model
        return self.filter(version__in=versions._default_manager.visible_to(actor))

    def for_list(self) -> Self:
        return self.select_related("version__rubric")
