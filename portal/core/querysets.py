"""The scope through which every model that belongs to an organisation is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from portal.core.choices import Capability

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar, Self

    from typing_extensions import TypeVar

    from portal.core.choices import Area
    from portal.members.models import Member

    # A queryset that names no model has rows of any type.
    Row = TypeVar("Row", bound=models.Model, covariant=True, default=Any)


def within(paths: Iterable[str], lookup: str) -> Q | None:
    """Return the condition "in the subtree of one of ``paths``"; None if there is no path.

    Paths end in a slash, so ``/1/1/`` does not include ``/1/14/``.
    """
    reach = Q()
    for path in paths:
        reach |= Q(**{f"{lookup}__startswith": path})
    return reach or None


class OrgScopedQuerySet(models.QuerySet["Row"]):
    """Rows owned by an organisation, reached from the model by ``path_lookup``."""

    area: ClassVar[Area | None] = None
    path_lookup = "organization__path"

    def reached_by(self, actor: Member, capability: Capability) -> Self:
        """Return the rows over which the actor holds ``capability`` by duty; none for a visitor."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        reach = within(actor.reach(self.area, capability), self.path_lookup)
        return self.filter(reach) if reach is not None else self.none()

    def visible_to(self, actor: Member) -> Self:
        """Return the rows that the actor may see by duty; none for a visitor."""
        return self.reached_by(actor, Capability.VIEW)

    def below(self, path: str) -> Self:
        """Narrow the rows to one subtree, as the organisation switch does."""
        return self.filter(**{f"{self.path_lookup}__startswith": path}) if path else self
