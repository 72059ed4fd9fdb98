"""What goes when a person is erased: her part in being helped and in helping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from matchmaking.models import ContactLog, Introduction, MatchCase, MeetingFeedback, SingleProfile, Volunteer
from matchmaking.services.cases import cases_close
from matchmaking.services.introductions import introductions_end
from matchmaking.services.volunteers import volunteer_stop

if TYPE_CHECKING:
    from portal.members.models import Member


@transaction.atomic
def erase_matchmaking_help(member: Member) -> None:
    """Erase what matchmakers wrote of ``member`` and what she wrote as one; hand her own people back.

    Rows that others count on stay, without a word: that there was a case, an introduction, a volunteer.
    """
    volunteer_stop(member=member)
    profile = SingleProfile.objects.own(member).select_related("member").first()
    if profile is not None:
        introductions_end(profile=profile)
        cases_close(profile=profile, actor=member)
    cases = MatchCase.objects.filter(Q(profile__member=member) | Q(volunteer__member=member))
    ContactLog.objects.filter(case__in=cases).delete()
    cases.update(next_action="")
    MeetingFeedback.objects.filter(member=member).delete()
    Introduction.objects.of(member).update(words="")
    Volunteer.objects.filter(member=member).update(motive="")
