"""Which nursing rooms a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from nursing_rooms.choices.rooms import STANDING
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet
from portal.locations.querysets import LocatedQuerySet

if TYPE_CHECKING:
    from typing import Any

    from nursing_rooms.models import NursingRoom, RoomManager
    from portal.members.models import Member

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class NursingRoomQuerySet(  # type: ignore[override]  # each base has a manager class of its own for mypy
    LocatedQuerySet["NursingRoom"], OrgScopedQuerySet["NursingRoom"]
):
    """Nursing rooms by the union that is responsible for them."""

    area = Area.NURSING_ROOMS

    def visible_to(self, actor: Member) -> Self:
        """Return the rooms that the actor's duties reach, and those that the actor looks after."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        return self.filter(
            Q(pk__in=self.reached_by(actor, Capability.VIEW).values("pk"))
            | Q(pk__in=self.managed_by(actor).values("pk"))
        )

    def managed_by(self, member: Member) -> Self:
        """Return the rooms that a member looks after today."""
        given: Any = self.model._meta.get_field("managers").related_model
        return self.filter(Exists(given._default_manager.current().filter(room=OuterRef("pk"), member=member)))

    def published(self) -> Self:
        """Return the rooms that anybody may find: public ones that are open or temporarily closed.

        This is the only queryset behind public pages: list, map, search, nearest, counts and addresses.
        """
        return self.filter(is_public=True, state__in=STANDING)

    def standing(self) -> Self:
        """Return the rooms that exist: open ones and those temporarily closed."""
        return self.filter(state__in=STANDING)

    def troubled(self) -> Self:
        """Return the rooms with an open report that visitors may know of; the pins of all others are green."""
        reports: Any = self.model._meta.get_field("reports").related_model
        known = reports._default_manager.open().filter(room=OuterRef("pk"), bypasses=False)
        return self.filter(Exists(known))

    def for_list(self) -> Self:
        return self.select_related("organization", "region")


class OfRoomQuerySet(OrgScopedQuerySet[Row_co]):
    """Rows of a room, seen by those who see the room's work."""

    area = Area.NURSING_ROOMS
    path_lookup = "room__organization__path"


class RoomManagerQuerySet(OfRoomQuerySet["RoomManager"]):
    """Who looks after which room."""

    def since(self, day: Any) -> Self:
        """Assignments that were valid on ``day`` or later; a date, or an expression."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day))

    def current(self) -> Self:
        """Assignments that are valid today."""
        today = timezone.localdate()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=today), valid_from__lte=today)

    def for_list(self) -> Self:
        return self.select_related("room__organization", "member")
