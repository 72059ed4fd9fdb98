"""The role table: role x area -> capabilities; permissions are read from here and nowhere else."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

V, E, AP, AT, X, R = (
    Capability.VIEW,
    Capability.EDIT,
    Capability.APPROVE,
    Capability.APPOINT,
    Capability.EXPORT,
    Capability.REVEAL,
)
WORK_AREAS = (Area.MATCHMAKING, Area.RIGHTS, Area.NURSING_ROOMS, Area.CHILDCARE, Area.INNOVATION)


class Role(models.TextChoices):
    CHAIR = "chair", _("Committee chair")
    CADRE = "cadre", _("Committee cadre")
    REVIEWER = "reviewer", _("Reviewer")
    MATCHMAKING_OFFICER = "matchmaking_officer", _("Matchmaking officer")
    EDITOR = "editor", _("Content editor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    AUDIT_ADMINISTRATOR = "audit_administrator", _("Audit administrator")


def _row(common: Iterable[Capability], **areas: Iterable[Capability]) -> MappingProxyType[Area, frozenset[Capability]]:
    row = {area: frozenset(common) for area in WORK_AREAS} if common else {}
    row.update({Area(area): frozenset(capabilities) for area, capabilities in areas.items()})
    return MappingProxyType(row)


ROLE_TABLE: Mapping[str, Mapping[Area, frozenset[Capability]]] = MappingProxyType(
    {
        Role.CHAIR: _row(
            (V, E, AP, AT, X, R),
            organizations=(V, E, AP, AT, X),
            members=(V, E, AP, AT, X, R),
            notices=(V, E, AP, AT),
            statistics=(V, E, AP, X),
        ),
        Role.CADRE: _row(
            (V, E, X),
            organizations=(V, E, X),
            members=(V, E, X, R),
            notices=(V, E),
            statistics=(V, E, X),
        ),
        Role.REVIEWER: _row((V, AP), organizations=(V,), members=(V,), notices=(V, AP), statistics=(V, AP)),
        Role.MATCHMAKING_OFFICER: _row((), matchmaking=(V, E), members=(V, E), organizations=(V,), statistics=(V,)),
        Role.EDITOR: _row((), notices=(V, E), organizations=(V,)),
        Role.SYSTEM_ADMINISTRATOR: _row((), system=(V, E), organizations=(V, E), members=(V,)),
        Role.SECURITY_ADMINISTRATOR: _row((), system=(V,), members=(V, AT), organizations=(V,)),
        Role.AUDIT_ADMINISTRATOR: _row((), audit=(V, X), organizations=(V,)),
    }
)

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})


def allows(role: str, area: Area | None, capability: Capability) -> bool:
    """Return whether ``role`` gives ``capability`` in ``area``; an unknown role or no area gives nothing."""
    return area is not None and capability in ROLE_TABLE.get(role, {}).get(area, frozenset())


def roles_with(area: Area, capability: Capability) -> list[str]:
    """Return the roles that hold ``capability`` in ``area``."""
    return [role for role, row in ROLE_TABLE.items() if capability in row.get(area, ())]
