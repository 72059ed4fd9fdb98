"""Which runs a reader sees."""

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
    """Files as such are nobody's: each is opened through the row it belongs to; a person sees her own uploads."""

    def visible_to(self, actor: Member) -> Self:
        """Return the files that ``actor`` uploaded herself."""
        return self.filter(uploaded_by=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def held(self) -> Self:
        """Return the files that wait for the virus scanner, the oldest first."""
        return self.filter(held_since__isnull=False, deleted_at=None).order_by("held_since", "pk")


class ImportRunQuerySet(OrgScopedQuerySet["ImportRun"]):
    """Runs by the organisation the list belongs to and the work area of their register.

    A cadre who may edit members but not rooms sees the runs of rosters and not those of rooms, of the same city.
    """

    def reached_by(self, actor: Member, capability: Capability) -> Self:
        """Return the runs over whose register and organisation ``actor`` holds ``capability``."""
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
        """Return the runs of registers that ``actor`` may fill herself: a run shows other people's lines."""
        return self.reached_by(actor, Capability.EDIT)

    def for_list(self) -> Self:
        """Return the runs, the newest first, with what a row of the history shows."""
        return self.select_related("organization", "uploaded_by", "file").order_by("-id")

    def same_file(self, run: ImportRun) -> Self:
        """Return the runs that took the very same file in, for the same organisation."""
        return self.filter(
            register=run.register,
            organization_id=run.organization_id,
            sha256=run.sha256,
            state=RunState.IMPORTED,
        ).exclude(pk=run.pk)


class ExportRunQuerySet(OrgScopedQuerySet["ExportRun"]):
    """Exports: her own, and those that a second person of their area and place may judge."""

    def visible_to(self, actor: Member) -> Self:
        """Return her own exports and those over whose area and place she holds ``approve``."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        reach = Q(requested_by=actor)
        for area in Area:
            inside = within(actor.reach(area, Capability.APPROVE), self.path_lookup)
            if inside is not None:
                reach |= Q(area=area) & inside
        return self.filter(reach)

    def to_release(self, actor: Member) -> Self:
        """Return the exports that wait for somebody like her: not her own."""
        return self.visible_to(actor).filter(state=ExportState.WAITING).exclude(requested_by=actor)

    def for_list(self) -> Self:
        """Return the exports, the newest first, with what a row shows."""
        return self.select_related("organization", "requested_by", "released_by", "file", "job").order_by("-id")
