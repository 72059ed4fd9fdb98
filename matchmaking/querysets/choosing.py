"""Querysets of the choice round: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from matchmaking.models import Choice
    from portal.members.models import Member


class ChoiceQuerySet(models.QuerySet["Choice"]):
    """Choices, read only by their chooser."""

    def visible_to(self, actor: Member) -> Self:
        return self.filter(chooser__member=actor) if getattr(actor, "is_authenticated", False) else self.none()
