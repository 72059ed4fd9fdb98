"""Selectors for a matchmaker's caseload: the card of each single, and open tasks with due times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking import consents
from matchmaking.choices.cases import CaseBlock
from matchmaking.choices.introductions import IntroductionState
from matchmaking.models import Introduction, MatchCase, MeetingFeedback, SingleProfile, Volunteer
from matchmaking.selectors.introductions import DONE, age_of, feedback_due
from portal.members.models import Consent, Member

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

SILENT_DAYS = 7
STALE_DAYS = 30
SHOWN = 50


@dataclass(frozen=True)
class CaseCard:
    """The card of one single in a caseload, with the next step and warnings.

    Name and phone are filled only with the single's consent.
    """

    case: MatchCase
    age: int | None
    silent: bool
    stale: bool
    overdue: bool
    waits_for: str
    name: str
    phone: str

    @property
    def title(self) -> str:
        return self.name or self.case.profile.nickname


@dataclass(frozen=True)
class Waiting:
    """An open task of a matchmaker: text, page to settle it, due time and whether it is overdue."""

    words: str
    url: str
    icon: str
    due_at: datetime | None
    over: bool


@dataclass(frozen=True)
class GuideLine:
    """An introduction as a matchmaker sees it.

    It shows the two by nickname, and what the matchmaker's own singles said after the meeting.
    """

    row: Introduction
    mine: bool
    feedback: tuple[tuple[str, MeetingFeedback], ...]
    missing: int
    feedback_due: datetime | None
    feedback_over: bool


def silent_since(case: MatchCase) -> datetime:
    """Return the moment from which ``case`` counts as silent."""
    began = datetime.combine(case.opened_on, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    return (case.last_contact_at or began) + timedelta(days=SILENT_DAYS)


def stale_since(profile: SingleProfile) -> datetime:
    """Return the moment from which ``profile`` counts as old."""
    return (profile.edited_at or profile.created_at) + timedelta(days=STALE_DAYS)


def case_card(case: MatchCase, leave: Container[int], now: datetime) -> CaseCard:
    """Return the card of ``case``; ``leave`` holds the ids of cases whose singles allow a call."""
    member = case.profile.member
    named = case.pk in leave
    return CaseCard(
        case=case,
        age=age_of(case.profile),
        silent=silent_since(case) <= now,
        stale=stale_since(case.profile) <= now,
        overdue=case.next_due is not None and case.next_due < timezone.localdate(now),
        waits_for="" if case.block == CaseBlock.NONE else case.get_block_display(),
        name=member.name if named else "",
        phone=member.sms_number() if named else "",
    )


def leave_given(cases: Iterable[MatchCase]) -> set[int]:
    """Return the ids of ``cases`` whose singles let their matchmaker see name and number."""
    people = {case.pk: case.profile.member_id for case in cases}
    standing = Consent.objects.standing().filter(purpose=consents.CASE_CONTACT.code, about_id__in=people)
    given = standing.values_list("about_id", "member_id")
    return {about for about, member in given if about is not None and people[about] == member}


def caseload(actor: Member) -> list[CaseCard]:
    """Return the cards of the singles in the care of ``actor``, the earliest due first.

    Empty once the actor no longer helps as a matchmaker.
    """
    now = timezone.now()
    rows = list(MatchCase.objects.visible_to(actor).for_list().order_by("next_due", "pk"))
    leave = leave_given(rows)
    return [case_card(case, leave, now) for case in rows]


def case_of(case: MatchCase) -> CaseCard:
    """Return the card of one case."""
    return case_card(case, leave_given([case]), timezone.now())


def guide_lines(actor: Member, *, profile: SingleProfile | None = None) -> list[GuideLine]:
    """Return the introductions that ``actor`` sees as a matchmaker, the latest first.

    With ``profile`` only those of this single are returned.
    """
    now = timezone.now()
    rows = Introduction.objects.guided_by(actor).for_list()
    if profile is not None:
        rows = rows.filter(Q(one=profile) | Q(two=profile))
    feedback = MeetingFeedback.objects.select_related("member")
    rows = rows.prefetch_related(Prefetch("feedback", queryset=feedback)).order_by("-created_at", "-pk")[:SHOWN]
    mine = set(MatchCase.objects.visible_to(actor).values_list("profile__member", flat=True))
    return [_guide_line(row, actor, mine, now) for row in rows]


def guide_line(row: Introduction, actor: Member) -> GuideLine:
    """Return one introduction as ``actor`` sees it as a matchmaker."""
    mine = set(MatchCase.objects.visible_to(actor).values_list("profile__member", flat=True))
    return _guide_line(row, actor, mine, timezone.now())


def _guide_line(row: Introduction, actor: Member, mine: set[int], now: datetime) -> GuideLine:
    said = {one.member_id: one for one in row.feedback.all()}
    people = [(side.member_id, side) for side in (row.one, row.two) if side.member_id in mine]
    held = row.agreed_at is not None and row.meets_at is not None and row.meets_at <= now
    due = feedback_due(row) if held else None
    missing = sum(member not in said for member, _side in people) if held and row.state not in DONE else 0
    return GuideLine(
        row=row,
        mine=row.volunteer is not None and row.volunteer.member_id == actor.pk,
        feedback=tuple((side.nickname, said[member]) for member, side in people if member in said),
        missing=missing,
        feedback_due=due,
        feedback_over=bool(missing) and due is not None and due <= now,
    )


def waiting_of(cards: Iterable[CaseCard], lines: Iterable[GuideLine]) -> list[Waiting]:
    """Return the open tasks from a matchmaker's ``cards`` and introductions ``lines``, most urgent first."""
    now = timezone.now()
    found = []
    for card in cards:
        name, url = card.title, card.case.get_absolute_url()
        if card.case.next_due is not None and card.case.next_due <= timezone.localdate(now):
            words = card.case.next_action or _("Plan the next step")
            due = datetime.combine(card.case.next_due, datetime.max.time(), tzinfo=timezone.get_current_timezone())
            found.append(Waiting(f"{name} · {words}", url, "checklist", due, card.overdue))
        if card.silent:
            words = _("%(name)s · no contact for %(days)s days") % {"name": name, "days": SILENT_DAYS}
            found.append(Waiting(words, url, "message-circle", silent_since(card.case), True))
        if card.stale:
            words = _("%(name)s · profile is older than %(days)s days") % {"name": name, "days": STALE_DAYS}
            found.append(Waiting(words, url, "id", stale_since(card.case.profile), False))
    for line in lines:
        row, url = line.row, line.row.get_guide_url()
        two = {"one": row.one.nickname, "two": row.two.nickname}
        if line.mine and row.state == IntroductionState.AGREED and row.meets_at is None:
            words = _("%(one)s and %(two)s both agreed: help them find a time") % two
            found.append(Waiting(words, url, "calendar-plus", row.agreed_at, False))
        if line.missing:
            words = _("%(one)s and %(two)s: ask how the meeting was") % two
            found.append(Waiting(words, url, "message-report", line.feedback_due, line.feedback_over))
    return sorted(found, key=lambda one: (not one.over, one.due_at or now))


@dataclass(frozen=True)
class MyHelper:
    """The matchmaker of a single: name, organisation, and whether the matchmaker may call."""

    case: MatchCase
    name: str
    organization: str
    since: date
    may_call: bool


def my_helper(member: Member) -> MyHelper | None:
    """Return the matchmaker who looks after ``member`` now, or None."""
    case = (
        MatchCase.objects.open()
        .filter(profile__member=member)
        .select_related("volunteer__member", "volunteer__organization", "profile")
        .first()
    )
    if case is None:
        return None
    helper = case.volunteer
    return MyHelper(case, helper.member.name, helper.organization.name, case.opened_on, case.pk in leave_given([case]))


def volunteer_of(member: Member) -> Volunteer | None:
    """Return the latest volunteer row of ``member``, whatever its state, or None."""
    return Volunteer.objects.filter(member=member).select_related("organization", "member").order_by("-pk").first()
