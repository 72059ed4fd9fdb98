"""Which incidents a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from childcare.choices.incidents import IncidentState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from childcare.models import Incident, IncidentNote
    from portal.members.models import Member


class IncidentQuerySet(OrgScopedQuerySet["Incident"]):
    """Incidents, scoped by the union responsible for the site; the text names no child.

    Teachers of the class read them on its day (``taught_by``).
    """

    area = Area.CHILDCARE
    path_lookup = "term__site__organization__path"

    def taught_by(self, member: Member) -> Self:
        """Return the incidents in the classes that ``member`` teaches, or taught lately."""
        terms: Any = self.model._meta.get_field("term").related_model
        return self.filter(term__in=terms._default_manager.taught_lately(member).values("pk"))

    def waiting(self) -> Self:
        """Incidents that nobody of the union has acknowledged."""
        return self.filter(state=IncidentState.ALARMED)

    def for_list(self) -> Self:
        return self.select_related("term__site__organization", "reported_by", "noted_by")


class IncidentNoteQuerySet(OrgScopedQuerySet["IncidentNote"]):
    """Notes on incidents, seen by those who see the incident."""

    area = Area.CHILDCARE
    path_lookup = "incident__term__site__organization__path"

    def for_list(self) -> Self:
        return self.select_related("incident__term__site__organization", "written_by")
