"""Querysets of the cases of volunteer matchmakers: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from matchmaking.choices.profiles import ProfileState
from matchmaking.querysets.profiles import blocked_with
from matchmaking.querysets.volunteers import helps_now

if TYPE_CHECKING:
    from matchmaking.models import MatchCase
    from portal.members.models import Member


class CaseQuerySet(models.QuerySet["MatchCase"]):
    """Cases, read only by their matchmaker.

    Staff who run the service see numbers, and cases without a matchmaker.
    """

    def visible_to(self, actor: Member) -> Self:
        """The open cases of ``actor`` while they help as a matchmaker; a single who leaves disappears at once."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        gone = (ProfileState.DRAFT, ProfileState.EXITED)
        rows = self.open().filter(helps_now(actor)).exclude(profile__state__in=gone)
        return rows.exclude(blocked_with(actor.pk, "profile__member_id"))

    def open(self) -> Self:
        return self.filter(closed_on=None)

    def for_list(self) -> Self:
        return self.select_related("profile__member", "profile__region", "volunteer")
