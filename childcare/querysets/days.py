"""Which days of classes, attendances and presences a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.utils import timezone

from childcare.choices.days import AttendanceState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from portal.members.models import Member


class TaughtQuerySet(OrgScopedQuerySet[Any]):
    """Rows of a day: no duty shows them, only the work as a teacher of the class, while it lasts."""

    area = Area.CHILDCARE
    term_lookup = "day__term"

    def visible_to(self, actor: Member) -> Self:
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        terms: Any = self.model._meta.apps.get_model("childcare", "ClassTerm")
        return self.filter(**{f"{self.term_lookup}__in": terms._default_manager.taught_by(actor).values("pk")})


class ClassDayQuerySet(TaughtQuerySet):
    """Days of classes, seen by the teachers of the class."""

    path_lookup = "term__site__organization__path"
    term_lookup = "term"

    def reported_by(self, member: Member) -> Self:
        """Return the days until today on which ``member`` may report an incident."""
        terms: Any = self.model._meta.get_field("term").related_model
        lately = terms._default_manager.taught_lately(member).values("pk")
        return self.filter(term__in=lately, on__lte=timezone.localdate())

    def for_list(self) -> Self:
        return self.select_related("term__site__organization", "term__site__region", "closed_by")


class AttendanceQuerySet(TaughtQuerySet):
    """Attendances, seen by the teachers of the class, and for a day by the guardian.

    Example: the chair of the city reads how many children came, but not which.
    """

    path_lookup = "day__term__site__organization__path"

    def own(self, member: Member) -> Self:
        """The attendances of the children of ``member``, from today on."""
        return self.filter(enrolment__member=member, day__on__gte=timezone.localdate())

    def current(self) -> Self:
        """Attendances of children who still have their place."""
        return self.filter(enrolment__state=SignUpState.CONFIRMED)

    def here(self) -> Self:
        """Children who are in the house."""
        return self.filter(state=AttendanceState.HERE)

    def for_list(self) -> Self:
        return self.select_related(
            "day__term__site__organization",
            "day__term__site__region",
            "enrolment__child",
            "enrolment__member",
            "enrolment__offering",
        )


class StaffPresenceQuerySet(TaughtQuerySet):
    """Presences of staff, seen by the teachers of the class."""

    path_lookup = "day__term__site__organization__path"

    def counted(self) -> Self:
        """Those who are with the children now."""
        return self.filter(left_at=None, counts=True)

    def for_list(self) -> Self:
        return self.select_related("day__term__site__organization", "staff__member")
