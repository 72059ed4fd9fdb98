"""Querysets of introductions: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from matchmaking.choices.introductions import LIVE_INTRODUCTIONS, Answer, IntroductionState
from matchmaking.querysets.profiles import blocked_with
from matchmaking.querysets.volunteers import helps_now

if TYPE_CHECKING:
    from matchmaking.models import Introduction, SingleProfile
    from portal.members.models import Member


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    """Introductions, seen by the two people and by the matchmaker who proposed them."""

    def visible_to(self, actor: Member) -> Self:
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        own = Q(one__member=actor, one_kept=False) | Q(two__member=actor, two_kept=False)
        return self.filter(own | helps_now(actor))

    def guided_by(self, actor: Member) -> Self:
        """Introductions that a matchmaker sees.

        These are the matchmaker's own proposals, and other proposals for people in their care once both have agreed. An
        introduction that a single asked for is only between the two. Before both have agreed, a proposal of another
        matchmaker is not visible.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        cases = apps.get_model("matchmaking", "MatchCase").objects.visible_to(actor)
        mine = cases.filter(Q(profile=models.OuterRef("one")) | Q(profile=models.OuterRef("two")))
        agreed = Q(volunteer__isnull=False, agreed_at__isnull=False) & models.Exists(mine)
        rows = self.filter(helps_now(actor) | agreed)
        return rows.exclude(blocked_with(actor.pk, "one__member_id")).exclude(blocked_with(actor.pk, "two__member_id"))

    def of(self, member: Member) -> Self:
        """Introductions of which ``member`` is one."""
        return self.filter(Q(one__member=member) | Q(two__member=member))

    def shown_to(self, member: Member) -> Self:
        """Introductions that ``member`` may read: none with a person they blocked, none kept from them.

        A person blocked by the other one continues to see the introduction.
        """
        shut = apps.get_model("matchmaking", "Block").objects.filter(blocker=member).values("blocked")
        mine = Q(one__member=member, one_kept=False) | Q(two__member=member, two_kept=False)
        return self.filter(mine).exclude(one__member__in=shut).exclude(two__member__in=shut)

    def put_before(self, profile: SingleProfile) -> Self:
        """Introductions of ``profile`` that are not kept from it."""
        return self.filter(Q(one=profile, one_kept=False) | Q(two=profile, two_kept=False))

    def kept_from(self, profile: SingleProfile) -> Self:
        """Introductions of ``profile`` that are kept from it."""
        return self.filter(Q(one=profile, one_kept=True) | Q(two=profile, two_kept=True))

    def unanswered_by(self, profile: SingleProfile) -> Self:
        """Introductions shown to ``profile`` that it has not answered."""
        mine = Q(one=profile, one_answer=Answer.OPEN) | Q(two=profile, two_answer=Answer.OPEN)
        return self.put_before(profile).awaiting_answer().filter(mine)

    def awaiting_answer(self) -> Self:
        """Introductions with missing answers."""
        return self.filter(state=IntroductionState.ASKED)

    def waiting_for(self, member: Member) -> Self:
        """Introductions that ``member`` has not answered yet and still can answer."""
        mine = Q(one__member=member, one_answer=Answer.OPEN) | Q(two__member=member, two_answer=Answer.OPEN)
        return self.shown_to(member).awaiting_answer().filter(mine, answer_by__gt=timezone.now())

    def live(self) -> Self:
        return self.filter(state__in=LIVE_INTRODUCTIONS)

    def for_list(self) -> Self:
        return self.select_related("one__member", "two__member", "volunteer__member")
