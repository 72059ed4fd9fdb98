"""Services for introductions: two singles are asked whether they want to meet, and what follows."""

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
# At most this many unanswered introductions are shown to one person at a time.
MOST_OPEN = 3
# An introduction that was held back is shown to nobody who would have less than this time to answer it.
LEAST_TIME = timedelta(days=1)
ASKED = Clock("matchmaking.introduction_asked")
GONE_CLOCK = Clock("matchmaking.introduction_gone")
GONE = _("These two people can no longer be introduced.")
STANDS = (IntroductionState.AGREED, IntroductionState.MET, IntroductionState.TOGETHER)


def introduction_ask(*, member: Member, profile: SingleProfile) -> Introduction:
    """Ask ``profile`` on behalf of ``member`` whether they want to meet; asking is the member's yes.

    The other single is asked as if a matchmaker had proposed it, with the same page and text. Nobody is told who wished
    it, and the audit does not record it.
    """
    limits.consume("introduction", str(member.pk), limit=settings.MATCHMAKING_ASKS_PER_DAY, seconds=24 * 3600)
    mine = SingleProfile.objects.own(member).select_related("member").first()
    if mine is None:
        raise DomainError(_("Fill in your own profile first."), code="no-profile")
    return _begin(mine=mine, other=profile, asked_by=member, said_yes=mine)


def introduction_propose(*, case: MatchCase, profile: SingleProfile, actor: Member, words: str) -> Introduction:
    """Propose ``profile`` to the single of ``case``, as the matchmaker; both are asked.

    ``words`` are for matchmakers only: on the page of the two they would distinguish a proposal from a wish of one of
    them. If the two have been asked already, perhaps by one of them, the refusal is the same as for any other obstacle.
    """
    if not MatchCase.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise DomainError(_("You no longer look after this person."), code="not-yours")
    if actor.pk in (profile.member_id, case.profile.member_id):
        raise DomainError(_("Matchmakers introduce other people, not themselves."), code="own")
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
        raise DomainError(_("These two people are already being introduced."), code="twice") from None


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
        raise DomainError(_("These two people were already asked a short time ago."), code="twice")
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
    # Naming the person who wished it would reveal a one-sided answer, so the audit has the fact alone.
    actor = asked_by if said_yes is None else ASKED
    audit_record(actor=actor, action="introduction.ask", about=row, to_state=row.state)
    kept = {one: row.one_kept, two: row.two_kept}
    _tell(row, "introduction_asked", [one.member for one in kept if one != said_yes and not kept[one]])
    return row


def _refuse_many(mine: SingleProfile) -> None:
    """Refuse a wish of a single who has too many introductions open.

    Nothing is revealed about the other single, see ``_is_full``.
    """
    if Introduction.objects.put_before(mine).awaiting_answer().count() >= MOST_OPEN:
        raise DomainError(
            _(
                "You already have enough introductions waiting for an answer. Propose "
                "another when one of them has ended."
            ),
            code="enough",
        )


def _is_full(profile: SingleProfile) -> bool:
    """Return whether ``profile`` has as many unanswered introductions as are shown at a time.

    A further one is held back until one of these is settled.
    """
    return Introduction.objects.unanswered_by(profile).count() >= MOST_OPEN


def _wished_by_both(mine: SingleProfile, other: SingleProfile, asked_by: Member) -> Introduction | None:
    """Answer yes to the introduction that ``other`` asked for and that is held back from ``mine``.

    Returns None where there is none. A refusal because the two "have been asked" would reveal the other's wish.
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
    """Lock an introduction in which ``actor`` is one of the two; return it and the actor's side."""
    held = locks.hold(introduction)
    sides = {held.one.member_id: "one", held.two.member_id: "two"}
    if actor.pk not in sides:
        raise DomainError(_("You cannot decide this."), code="not-yours")
    return held, sides[actor.pk]


@transaction.atomic
def introduction_answer(*, introduction: Introduction, actor: Member, answer: str) -> Introduction:
    """Store the actor's answer; nobody hears of it until both said yes.

    A no does not end the introduction before its deadline: an end at once would tell the other person whose no it was.
    One answer alone is written to no audit entry, log or message. Two people who may no longer be brought together (one
    blocked the other, is no longer single, or left) stay asked until the deadline, whatever they answer.
    """
    held, side = _held(introduction, actor)
    if held.state != IntroductionState.ASKED or timezone.now() >= held.answer_by:
        raise DomainError(_("The deadline for answering has passed."), code="over")
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
    """Return whether the two may still meet: both have standing and neither blocked the other."""
    standing = SingleProfile.objects.standing().filter(pk__in=[row.one_id, row.two_id])
    apart = Block.objects.between(row.one.member_id, row.two.member_id)
    return standing.count() == 2 and not apart.exists()


def introductions_keep_time(*, now: datetime | None = None) -> int:
    """End introductions without agreement at their deadline; return how many.

    The message is kind and does not say whose no it was. Introductions that were held back are shown once there is
    room.
    """
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
    """Show a held-back introduction to each of the two who can take one again; the deadline stays as it is."""
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
    # A person who blocked the other has no page about it any more and gets no message; nobody else is told why.
    shut = Block.objects.filter(blocker__in=_two(row), blocked__in=_two(row)).values_list("blocker", flat=True)
    kept = {row.one.member_id: row.one_kept, row.two.member_id: row.two_kept}
    spared = {*shut, *(pk for pk in kept if kept[pk])}
    people = [member for member in _two(row) if member.is_active and member.pk not in spared]
    _tell(row, "introduction_not_agreed", people)
    return 1


def _not_agreed(row: Introduction, *, actor: Clock) -> Introduction:
    """End an introduction without agreement and delete both answers, so that nobody can ever look one up."""
    return advance(row, IntroductionState.NOT_AGREED, actor=actor, one_answer=Answer.OPEN, two_answer=Answer.OPEN)


@transaction.atomic
def introduction_contact_set(*, introduction: Introduction, actor: Member, agree: bool) -> None:
    """Set whether the actor's name and number are passed on; each sees the other's once both agree."""
    held, _side = _held(introduction, actor)
    if agree and held.state not in STANDS:
        raise DomainError(_("Contact details are passed on only when both want to meet."), code="not-agreed")
    change = consent_give if agree else consent_withdraw
    change(member=actor, purpose=consents.INTRODUCTION_CONTACT, about_id=held.pk)


@transaction.atomic
def introduction_meeting_set(*, introduction: Introduction, actor: Member, meets_at: datetime) -> Introduction:
    """Set the time of the meeting, as one of the two or their matchmaker.

    The two are notified, except the actor.
    """
    held = locks.hold(introduction)
    _check_part(held, actor)
    if held.state != IntroductionState.AGREED:
        raise DomainError(_("A time can be set only when both have agreed and have not met yet."), code="not-agreed")
    now = timezone.now()
    if not now < meets_at <= now + timedelta(days=MEETING_DAYS):
        raise DomainError(_("The time must be within the next %(days)s days.") % {"days": MEETING_DAYS}, code="when")
    held.meets_at = meets_at
    held.save(update_fields=["meets_at"])
    audit_record(actor=actor, action="introduction.meeting", about=held, fields=["meets_at"])
    others = [member for member in _two(held) if member.pk != actor.pk]
    _tell(held, "introduction_meeting", others, at=meets_at.isoformat())
    return held


def _check_part(row: Introduction, actor: Member) -> None:
    """Refuse an actor who is neither one of the two nor the matchmaker who proposed and still helps."""
    mine = Introduction.objects.visible_to(actor).filter(pk=row.pk)
    if not mine.exists():
        raise DomainError(_("You cannot decide this."), code="not-yours")


@transaction.atomic
def introduction_met(*, introduction: Introduction, actor: Member) -> Introduction:
    """Record that the two met; a missing time is set to now."""
    held = locks.hold(introduction)
    _check_part(held, actor)
    now = timezone.now()
    if held.meets_at is not None and held.meets_at > now:
        raise DomainError(_("The time they agreed on has not come yet."), code="early")
    return advance(introduction, IntroductionState.MET, actor=actor, meets_at=held.meets_at or now)


@transaction.atomic
def introduction_together(*, introduction: Introduction, actor: Member) -> Introduction:
    """Record that the two continue together."""
    _check_part(locks.hold(introduction), actor)
    return advance(introduction, IntroductionState.TOGETHER, actor=actor)


@transaction.atomic
def introduction_end(*, introduction: Introduction, actor: Member) -> Introduction:
    """End an introduction that both had agreed to; nobody is told why or by whom."""
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
    """End the live introductions of ``profile``; return how many there were.

    With ``other`` only the introduction with that profile is ended. Introductions between two profiles of ``but`` are
    left out. Nobody is told.

    An introduction that is still asked stays asked: the profile's own answer becomes a no, and the introduction ends at
    its deadline, as it would have without this step. An end before that would reveal a one-sided answer.
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
    """Store a member's feedback on the meeting, for the member and their matchmaker.

    When both want to go on, the introduction moves to the state ``TOGETHER``.
    """
    held, _side = _held(introduction, actor)
    if held.state not in STANDS:
        raise DomainError(_("There is no meeting to give feedback on."), code="not-agreed")
    if held.meets_at is None or held.meets_at > timezone.now():
        raise DomainError(_("The time you agreed on has not come yet."), code="early")
    if held.feedback.filter(member=actor).exists():
        raise DomainError(_("You have already given feedback."), code="twice")
    (pk,) = reserve_pks(MeetingFeedback)
    row = MeetingFeedback.objects.create(
        pk=pk, introduction=held, member=actor, impression=impression, words=words.strip()
    )
    if held.state == IntroductionState.AGREED and impression != Impression.DID_NOT_MEET:
        held = advance(held, IntroductionState.MET, actor=actor)
    if held.state == IntroductionState.MET and held.feedback.filter(impression=Impression.GO_ON).count() == 2:
        advance(held, IntroductionState.TOGETHER, actor=actor)
    return row
