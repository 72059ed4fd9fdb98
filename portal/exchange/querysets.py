"""Which stored files, imports and exports a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet, within
from portal.exchange.choices import ExportState, RunState
from portal.exchange.registers import registers

if TYPE_CHECKING:
    from typing import Self

    from portal.exchange.models import ExportRun, ImportRun, StoredFile
    from portal.members.models import Member


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Stored files; each is opened through the row it belongs to, and people see their own uploads."""

    def visible_to(self, actor: Member) -> Self:
        """Return the files that ``actor`` uploaded."""
        return self.filter(uploaded_by=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def held(self) -> Self:
        """Return the files that wait for the virus scanner, oldest first."""
        return self.filter(held_since__isnull=False, deleted_at=None).order_by("held_since", "pk")


class ImportRunQuerySet(OrgScopedQuerySet["ImportRun"]):
    """Imports, scoped by the organisation of the list and the area of its register.

    A member of staff who may edit members but not nursing rooms sees the imports of rosters and not those of nursing
    rooms, even in the same city.
    """

    def reached_by(self, actor: Member, capability: Capability) -> Self:
        """Return the imports whose register and organisation ``actor`` reaches with ``capability``."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        codes: dict[Area, list[str]] = {}
        for register in registers().values():
            codes.setdefault(register.area, []).append(register.code)
        reach = Q()
        for area, found in codes.items():
            inside = within(actor.reach(area, capability), self.path_lookup)
            if inside is not None:
                reach |= Q(register__in=found) & inside
        return self.filter(reach) if reach else self.none()

    def visible_to(self, actor: Member) -> Self:
        """Return the imports of registers that ``actor`` may fill; an import shows other people's data."""
        return self.reached_by(actor, Capability.EDIT)

    def for_list(self) -> Self:
        """Return the imports, newest first, with the related rows that the history shows."""
        return self.select_related("organization", "uploaded_by", "file").order_by("-id")

    def same_file(self, run: ImportRun) -> Self:
        """Return the other finished imports of the same file for the same organisation."""
        return self.filter(
            register=run.register,
            organization_id=run.organization_id,
            sha256=run.sha256,
            state=RunState.IMPORTED,
        ).exclude(pk=run.pk)


class ExportRunQuerySet(OrgScopedQuerySet["ExportRun"]):
    """Exports: the actor's own, and those that the actor may judge as a second person."""

    def visible_to(self, actor: Member) -> Self:
        """Return the actor's own exports and those in whose area and organisation they hold ``approve``."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        reach = Q(requested_by=actor)
        for area in Area:
            inside = within(actor.reach(area, Capability.APPROVE), self.path_lookup)
            if inside is not None:
                reach |= Q(area=area) & inside
        return self.filter(reach)

    def to_release(self, actor: Member) -> Self:
        """Return the exports that wait for a second person and that ``actor`` did not request."""
        return self.visible_to(actor).filter(state=ExportState.WAITING).exclude(requested_by=actor)

    def for_list(self) -> Self:
        """Return the exports, newest first, with the related rows that a list shows."""
        return self.select_related("organization", "requested_by", "released_by", "file", "job").order_by("-id")
