"""Which pick-up persons, bars, codes and attempts a reader sees."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from childcare.choices.days import PickUpOutcome

if TYPE_CHECKING:
    from datetime import date

    from childcare.models import PickUpAttempt, PickUpBar, PickUpCode, PickUpPerson
    from portal.members.models import Child, Member


def _own(rows: Any, actor: Member, lookup: str) -> Any:
    return rows.filter(**{lookup: actor}) if getattr(actor, "is_authenticated", False) else rows.none()


class PickUpPersonQuerySet(models.QuerySet["PickUpPerson"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the persons whom ``actor`` listed; teachers read those of a day on the page of the child."""
        found: Self = _own(self, actor, "child__guardian")
        return found

    own = visible_to

    def listed(self, child: Child, on: date) -> Self:
        """Return the persons who may collect ``child`` on a day."""
        still = Q(valid_until=None) | Q(valid_until__gte=on)
        return self.filter(still, child=child, valid_from__lte=on, used_at=None)

    def for_list(self) -> Self:
        return self.select_related("child")


class PickUpBarQuerySet(models.QuerySet["PickUpBar"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the bars of the children of ``actor``."""
        found: Self = _own(self, actor, "child__guardian")
        return found

    own = visible_to

    def standing(self) -> Self:
        """Bars that have not ended."""
        return self.filter(ended_at=None)


class PickUpCodeQuerySet(models.QuerySet["PickUpCode"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the codes that ``actor`` made; nobody else reads a code."""
        found: Self = _own(self, actor, "guardian")
        return found

    own = visible_to

    def valid(self) -> Self:
        """Codes that have neither been used nor replaced."""
        return self.filter(replaced_at=None, used_at=None)


class PickUpAttemptQuerySet(models.QuerySet["PickUpAttempt"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the attempts to collect the children of ``actor``."""
        found: Self = _own(self, actor, "attendance__enrolment__member")
        return found

    def for_list(self) -> Self:
        return self.select_related("attendance__enrolment__offering", "teacher")

    def wrong_lately(self, minutes: int) -> Self:
        """Attempts with a wrong code in the last ``minutes``."""
        return self.filter(outcome=PickUpOutcome.WRONG_CODE, at__gt=timezone.now() - timedelta(minutes=minutes))
