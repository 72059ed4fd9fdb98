"""Asking two singles whether they want to meet, what they answer, and what comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.introductions import Answer, Impression, IntroductionState
from matchmaking.models import Block, Introduction, MatchCase, MeetingFeedback, SingleProfile
from matchmaking.promises import INTRODUCTION_END
from matchmaking.selectors.introductions import asked_before
from matchmaking.services.participations import check_line
from matchmaking.services.promises import by_silence, keeps
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.services import steps_of
from portal.members.models import Consent, Member
from portal.members.services.consents import consent_give, consent_withdraw
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


ANSWER_DAYS = 7
MEETING_DAYS = 90
# So many unanswered introductions at a time, and no more, are put before one person.
MOST_OPEN = 3
# A question that was kept is put before nobody with less time than this to answer it.
LEAST_TIME = timedelta(days=1)
ASKED = Clock("matchmaking.introduction_asked")
GONE_CLOCK = Clock("matchmaking.introduction_gone")
GONE = _("These two can no longer be introduced.")
STANDS = (IntroductionState.AGREED, IntroductionState.MET, IntroductionState.TOGETHER)


def introduction_ask(*, member: Member, profile: SingleProfile) -> Introduction:
    """Ask ``profile`` on behalf of ``member`` whether they want to meet; her wish is her yes.

    The other is asked as if a matchmaker had thought of it, with the same page and words: who wished it is told to
    nobody, the audit included.
    """
    limits.consume("introduction", str(member.pk), limit=settings.MATCHMAKING_ASKS_PER_DAY, seconds=24 * 3600)
    mine = SingleProfile.objects.own(member).select_related("member").first()
    if mine is None:
        raise DomainError(_("Write your own profile first."), code="no-profile")
    return _begin(mine=mine, other=profile, asked_by=member, said_yes=mine)


def introduction_propose(*, case: MatchCase, profile: SingleProfile, actor: Member, words: str) -> Introduction:
    """A matchmaker proposes ``profile`` to the person of ``case``; both are asked.

    ``words`` stay with matchmakers: on the page of the two they would tell a proposal from a wish of one of them. That
    the two have been asked already, perhaps by one of them, is told like any other hindrance.
    """
    if not MatchCase.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise DomainError(_("This person is no longer in your care."), code="not-yours")
    if actor.pk in (profile.member_id, case.profile.member_id):
        raise DomainError(_("A matchmaker introduces others, not herself."), code="own")
    for member in (case.profile.member, profile.member):
        words = check_line(words, member)
    try:
        return _begin(mine=case.profile, other=profile, asked_by=actor, volunteer=case.volunteer, words=words)
    except DomainError as refusal:
        if refusal.code == "twice":
            raise DomainError(GONE, code="gone") from None
        raise


def _begin(
    *, mine: SingleProfile, other: SingleProfile, asked_by: Member, said_yes: SingleProfile | None = None, **fields: Any
) -> Introduction:
    try:
        return _ask(mine=mine, other=other, asked_by=asked_by, said_yes=said_yes, **fields)
    except IntegrityError:
        raise DomainError(_("These two are being introduced already."), code="twice") from None


@transaction.atomic
def _ask(
    *, mine: SingleProfile, other: SingleProfile, asked_by: Member, said_yes: SingleProfile | None, **fields: Any
) -> Introduction:
    one, two = locks.hold_all(SingleProfile.objects.filter(pk__in=[mine.pk, other.pk]).select_related("member"))
    if not SingleProfile.objects.findable_by(mine).filter(pk=other.pk).exists():
        raise DomainError(GONE, code="gone")
    if said_yes is not None:
        _refuse_many(mine)
        met = _wished_by_both(mine, other, asked_by)
        if met is not None:
            return met
    if other.pk in asked_before(mine):
        raise DomainError(_("These two have been asked already, not long ago."), code="twice")
    answers: dict[str, Any] = {
        "one_kept": _is_full(one) and one != said_yes,
        "two_kept": _is_full(two) and two != said_yes,
    }
    if said_yes is not None:
        answers["one_answer" if one.pk == said_yes.pk else "two_answer"] = Answer.YES
    row = Introduction.objects.create(
        one=one,
        two=two,
        asked_by=asked_by,
        answer_by=timezone.now() + timedelta(days=ANSWER_DAYS),
        **answers,
        **fields,
    )
    # Whose wish it was would be a one-sided answer: the audit has the fact alone.
    actor = asked_by if said_yes is None else ASKED
    audit_record(actor=actor, action="introduction.ask", about=row, to_state=row.state)
    kept = {one: row.one_kept, two: row.two_kept}
    _tell(row, "introduction_asked", [one.member for one in kept if one != said_yes and not kept[one]])
    return row


def _refuse_many(mine: SingleProfile) -> None:
    """Refuse a wish of somebody who has enough open; of the other one nothing is told, see ``_is_full``."""
    if Introduction.objects.put_before(mine).awaiting_answer().count() >= MOST_OPEN:
        raise DomainError(_("You have enough questions open just now; ask again when one is over."), code="enough")


def _is_full(profile: SingleProfile) -> bool:
    """Say whether enough is put before ``profile``: a further question is kept until a place gets free."""
    return Introduction.objects.unanswered_by(profile).count() >= MOST_OPEN


def _wished_by_both(mine: SingleProfile, other: SingleProfile, asked_by: Member) -> Introduction | None:
    """Answer yes to what ``other`` has asked and is kept from ``mine``; None where nothing is.

    A refusal because the two "have been asked" would tell the other's wish.
    """
    row = Introduction.objects.kept_from(mine).awaiting_answer().filter(Q(one=other) | Q(two=other)).first()
    if row is None or _expire(row.pk, timezone.now()):
        return None
    held = locks.hold(row)
    side = held.side(asked_by)
    setattr(held, f"{side}_kept", False)
    held.save(update_fields=[f"{side}_kept"])
    return introduction_answer(introduction=held, actor=asked_by, answer=Answer.YES)


def _tell(row: Introduction, name: str, members: Iterable[Member], **context: object) -> None:
    messages_post(
        kind=f"matchmaking.{name}",
        recipients=[(member, context) for member in members],
        about=row,
        url=row.get_absolute_url(),
    )


def _two(row: Introduction) -> list[Member]:
    return [row.one.member, row.two.member]


def _held(introduction: Introduction, actor: Member) -> tuple[Introduction, str]:
    """Hold an introduction in which ``actor`` is one of the two; return it and her side."""
    held = locks.hold(introduction)
    sides = {held.one.member_id: "one", held.two.member_id: "two"}
    if actor.pk not in sides:
        raise DomainError(_("This is not yours to decide."), code="not-yours")
    return held, sides[actor.pk]


@transaction.atomic
def introduction_answer(*, introduction: Introduction, actor: Member, answer: str) -> Introduction:
    """Keep what she answers; only when both said yes anybody hears of it.

    A no ends nothing before its day: an end at once would tell the other whose it was. One answer alone goes into no
    audit entry, log or message. Two who may no longer be brought together (one blocked the other, is no longer single,
    or left) stay asked until that day, whatever they answer.
    """
    held, side = _held(introduction, actor)
    if held.state != IntroductionState.ASKED or timezone.now() >= held.answer_by:
        raise DomainError(_("The time to answer is over."), code="over")
    if answer not in (Answer.YES, Answer.NO):
        raise DomainError(_("Answer yes or no."), code="no-answer")
    setattr(held, f"{side}_answer", answer)
    if held.one_answer == held.two_answer == Answer.YES and _may_meet(held):
        both: dict[str, Any] = {"one_answer": Answer.YES, "two_answer": Answer.YES, "agreed_at": timezone.now()}
        held = advance(held, IntroductionState.AGREED, actor=actor, **both)
        _tell(held, "introduction_agreed", _two(held))
        if held.volunteer is not None:
            messages_post(
                kind="matchmaking.introduction_guide",
                recipients=[(held.volunteer.member, {"number": held.pk})],
                about=held,
            )
        return held
    held.save(update_fields=[f"{side}_answer"])
    return held


def _may_meet(row: Introduction) -> bool:
    """Say whether nothing has come between the two since they were asked."""
    standing = SingleProfile.objects.standing().filter(pk__in=[row.one_id, row.two_id])
    apart = Block.objects.between(row.one.member_id, row.two.member_id)
    return standing.count() == 2 and not apart.exists()


def introductions_keep_time(*, now: datetime | None = None) -> int:
    """End what nobody agreed to in time, kindly and without saying whose no it was; return how many."""
    now = now or timezone.now()
    count = 0
    over = Introduction.objects.awaiting_answer().filter(answer_by__lte=now).values_list("pk", flat=True)[:500]
    with steps_of("matchmaking.introductions") as steps:
        for pk in over:
            with steps.one(Introduction(pk=pk)):
                count += _expire(pk, now)
        kept = Introduction.objects.awaiting_answer().filter(Q(one_kept=True) | Q(two_kept=True))
        kept = kept.filter(answer_by__gt=now + LEAST_TIME).order_by("pk")
        for row in kept[:500]:
            with steps.one(row):
                _show(row)
    return count


@transaction.atomic
def _show(row: Introduction) -> None:
    """Put a kept question before whoever has a place free again; until its day, which is the same for both."""
    locks.hold_all(SingleProfile.objects.filter(pk__in=[row.one_id, row.two_id]))
    held = locks.hold(row)
    if held.state != IntroductionState.ASKED or not _may_meet(held):
        return
    shown = [side for side in ("one", "two") if getattr(held, f"{side}_kept") and not _is_full(getattr(held, side))]
    for side in shown:
        setattr(held, f"{side}_kept", False)
    held.save(update_fields=["one_kept", "two_kept"])
    _tell(held, "introduction_asked", [getattr(held, side).member for side in shown])


@transaction.atomic
def _expire(pk: int, now: datetime) -> int:
    held = locks.hold(Introduction(pk=pk))
    if held.state != IntroductionState.ASKED or held.answer_by > now:
        return 0
    row = _not_agreed(held, actor=Clock("matchmaking.introduction_expired"))
    # Who blocked the other has no page about it any more; it says to nobody else why.
    shut = Block.objects.filter(blocker__in=_two(row), blocked__in=_two(row)).values_list("blocker", flat=True)
    kept = {row.one.member_id: row.one_kept, row.two.member_id: row.two_kept}
    spared = {*shut, *(pk for pk in kept if kept[pk])}
    people = [member for member in _two(row) if member.is_active and member.pk not in spared]
    _tell(row, "introduction_not_agreed", people)
    return 1


def _not_agreed(row: Introduction, *, actor: Clock) -> Introduction:
    """End without agreement; both answers are wiped, so that nobody can ever look one up."""
    return advance(row, IntroductionState.NOT_AGREED, actor=actor, one_answer=Answer.OPEN, two_answer=Answer.OPEN)


@transaction.atomic
def introduction_contact_set(*, introduction: Introduction, actor: Member, agree: bool) -> None:
    """Set whether her name and number are passed on; each sees the other's once both agree."""
    held, _side = _held(introduction, actor)
    if agree and held.state not in STANDS:
        raise DomainError(_("Contact is passed on when both want to meet."), code="not-agreed")
    change = consent_give if agree else consent_withdraw
    change(member=actor, purpose=consents.INTRODUCTION_CONTACT, about_id=held.pk)


@transaction.atomic
def introduction_meeting_set(*, introduction: Introduction, actor: Member, meets_at: datetime) -> Introduction:
    """Set when they meet; the two hear of it. The two and their matchmaker may."""
    held = locks.hold(introduction)
    _check_part(held, actor)
    if held.state != IntroductionState.AGREED:
        raise DomainError(_("A time is set when both have agreed and have not met yet."), code="not-agreed")
    now = timezone.now()
    if not now < meets_at <= now + timedelta(days=MEETING_DAYS):
        raise DomainError(_("The time lies in the next %(days)s days.") % {"days": MEETING_DAYS}, code="when")
    held.meets_at = meets_at
    held.save(update_fields=["meets_at"])
    audit_record(actor=actor, action="introduction.meeting", about=held, fields=["meets_at"])
    others = [member for member in _two(held) if member.pk != actor.pk]
    _tell(held, "introduction_meeting", others, at=meets_at.isoformat())
    return held


def _check_part(row: Introduction, actor: Member) -> None:
    """Refuse whoever is neither one of the two nor the matchmaker who brought it about and still helps."""
    mine = Introduction.objects.visible_to(actor).filter(pk=row.pk)
    if not mine.exists():
        raise DomainError(_("This is not yours to decide."), code="not-yours")


@transaction.atomic
def introduction_met(*, introduction: Introduction, actor: Member) -> Introduction:
    """Write down that they met; a time that was never set is now."""
    held = locks.hold(introduction)
    _check_part(held, actor)
    now = timezone.now()
    if held.meets_at is not None and held.meets_at > now:
        raise DomainError(_("The time they set has not come yet."), code="early")
    return advance(introduction, IntroductionState.MET, actor=actor, meets_at=held.meets_at or now)


@transaction.atomic
def introduction_together(*, introduction: Introduction, actor: Member) -> Introduction:
    """Write down that they go on together."""
    _check_part(locks.hold(introduction), actor)
    return advance(introduction, IntroductionState.TOGETHER, actor=actor)


@transaction.atomic
def introduction_end(*, introduction: Introduction, actor: Member) -> Introduction:
    """End what both had agreed to; nobody is told why or by whom."""
    _check_part(locks.hold(introduction), actor)
    _end(introduction)
    return introduction


def _take_contact_back(row: Introduction) -> None:
    given = Consent.objects.standing().filter(purpose=consents.INTRODUCTION_CONTACT.code, about_id=row.pk)
    given.update(withdrawn_at=timezone.now())
    advance(row, IntroductionState.ENDED, actor=GONE_CLOCK, ended_at=timezone.now())


_end = keeps(INTRODUCTION_END, {"introduction-contact": _take_contact_back, "nobody-told": by_silence})


@transaction.atomic
def introductions_end(
    *, profile: SingleProfile, other: SingleProfile | None = None, but: Collection[SingleProfile] = ()
) -> int:
    """End what is under way with ``profile``; with ``other`` alone, or without that among the profiles ``but``.

    Nobody is told. Returns how many there were.

    What is still asked stays asked: the profile's own answer becomes a no, and it comes to nothing on its day, as it
    would have without this step. An end before that day would be a one-sided answer.
    """
    rows = Introduction.objects.live().filter(Q(one=profile) | Q(two=profile))
    if other is not None:
        rows = rows.filter(Q(one=other) | Q(two=other))
    rows = rows.exclude(one__in=but, two__in=but)
    count = 0
    for held in locks.hold_all(rows):
        if held.state == IntroductionState.ASKED:
            side = "one" if held.one_id == profile.pk else "two"
            setattr(held, f"{side}_answer", Answer.NO)
            held.save(update_fields=[f"{side}_answer"])
        else:
            _end(held)
        count += 1
    return count


@transaction.atomic
def feedback_add(*, introduction: Introduction, actor: Member, impression: str, words: str = "") -> MeetingFeedback:
    """Keep what she says after the meeting, for herself and her matchmaker; both wanting more makes them a couple."""
    held, _side = _held(introduction, actor)
    if held.state not in STANDS:
        raise DomainError(_("There is no meeting to tell of."), code="not-agreed")
    if held.meets_at is None or held.meets_at > timezone.now():
        raise DomainError(_("The time you set has not come yet."), code="early")
    if held.feedback.filter(member=actor).exists():
        raise DomainError(_("You have told how it was already."), code="twice")
    (pk,) = reserve_pks(MeetingFeedback)
    row = MeetingFeedback.objects.create(
        pk=pk, introduction=held, member=actor, impression=impression, words=words.strip()
    )
    if held.state == IntroductionState.AGREED and impression != Impression.DID_NOT_MEET:
        held = advance(held, IntroductionState.MET, actor=actor)
    if held.state == IntroductionState.MET and held.feedback.filter(impression=Impression.GO_ON).count() == 2:
        advance(held, IntroductionState.TOGETHER, actor=actor)
    return row
