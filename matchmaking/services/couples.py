"""Services for couples of a group wedding: one asks, the other confirms, the organiser decides.

The row of the wedding is the lock. No record says which of the two withdrew: the actor of those steps is the clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.couples import LIVE_COUPLES, CoupleState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import Block, GroupWedding, Pair, WeddingCouple
from matchmaking.services.standing import settled
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.members.identity import age_on, birth_date_of
from portal.members.models import Member
from portal.members.services.consents import consent_give, consent_withdraw
from portal.members.services.people import phone_index_of
from portal.messaging.choices import Channel
from portal.messaging.services.messages import message_post, messages_post
from portal.organizations.selectors import legal_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date


CLOCK = Clock("matchmaking.couple")
DAY = 24 * 3600
ASKS_A_DAY = 5
BOTH = (Channel.IN_APP, Channel.SMS)
DECIDING = (WeddingState.OPEN, WeddingState.CLOSED)


def accepted_count(wedding: GroupWedding) -> int:
    """Return how many couples of a wedding are accepted now."""
    return wedding.couples.filter(state=CoupleState.ACCEPTED).count()


def member_url(wedding: GroupWedding) -> str:
    """Return the URL of the page on which couples see a wedding."""
    return reverse("matchmaking:ceremony-detail", args=[wedding.pk])


def _tell(wedding: GroupWedding, members: Iterable[Member], kind: str, **context: object) -> None:
    messages_post(
        kind=kind,
        recipients=[(member, {"title": wedding.title, **context}) for member in members],
        about=wedding,
        url=member_url(wedding),
        channels=BOTH,
    )


def _people(couples: Iterable[WeddingCouple]) -> QuerySet[Member]:
    return Member.objects.filter(pk__in={pk for couple in couples for pk in couple.people_ids()})


def tell_couples(wedding: GroupWedding, kind: str, **context: object) -> None:
    """Notify both people of every accepted couple."""
    _tell(wedding, _people(wedding.couples.filter(state=CoupleState.ACCEPTED)), kind, **context)


def couples_release(
    wedding: GroupWedding, *, states: Collection[CoupleState] | None, kind: str, **context: object
) -> int:
    """Withdraw the couples in ``states`` (None: all live ones) and notify them; return how many.

    ``kind`` is the kind of the message.
    """
    couples = locks.hold_all(wedding.couples.filter(state__in=states or LIVE_COUPLES))
    for couple in couples:
        advance(couple, CoupleState.WITHDRAWN, actor=CLOCK, partner_index="")
    _tell(wedding, _people(couples), kind, **context)
    return len(couples)


def couple_ask(*, wedding: GroupWedding, actor: Member, phone: str, registered_on: date | None = None) -> WeddingCouple:
    """Ask the person with ``phone`` to marry at ``wedding``.

    The result is the same whether or not that number is known. Attempts are counted outside the transaction, so that a
    refused one counts too.
    """
    limits.consume("wedding.ask", str(actor.pk), limit=ASKS_A_DAY, seconds=DAY)
    return _ask(wedding=wedding, actor=actor, index=phone_index_of(phone), registered_on=registered_on)


@transaction.atomic
def _ask(*, wedding: GroupWedding, actor: Member, index: str, registered_on: date | None) -> WeddingCouple:
    held = locks.hold(wedding)
    _check_open(held)
    if index == actor.phone_index:
        raise DomainError(_("That is your own number."), code="own-number")
    _check_free(held, actor)
    _check_age(held, actor)
    _check_registered(registered_on)
    # A refused asker is not told: the request is stored like any other, but the other person does not see it.
    refused = WeddingCouple.objects.filter(asker=actor, refused_index=index).exists()
    seen = {"refused_index": index} if refused else {"partner_index": index}
    couple = WeddingCouple.objects.create(wedding=held, asker=actor, registered_on=registered_on, **seen)
    consent_give(member=actor, purpose=consents.WEDDING, about_id=held.pk)
    audit_record(actor=actor, action="couple.ask", about=couple, to_state=couple.state)
    known = Member.objects.filter(phone_index=index, phone_confirmed_at__isnull=False, is_active=True)
    known = known.none() if refused else known
    shut = Block.objects.filter(blocked=actor).values("blocker")
    _tell(held, known.exclude(pk__in=shut), "matchmaking.wedding_asked")
    return couple


def _check_open(wedding: GroupWedding) -> None:
    if wedding.state != WeddingState.OPEN or wedding.closes_at <= timezone.now():
        raise DomainError(_("Applications for this wedding are closed."), code="closed")


def _check_free(wedding: GroupWedding, member: Member) -> None:
    standing = wedding.couples.filter(Q(asker=member) | Q(partner=member), state__in=LIVE_COUPLES)
    if standing.exists():
        raise DomainError(_("You have applied for this wedding already."), code="applied")


def _check_age(wedding: GroupWedding, member: Member) -> None:
    born = birth_date_of(member)
    key = "marriage_age_man" if member.sex == Sex.MALE else "marriage_age_woman"
    if born is not None and age_on(born, wedding.on) < legal_number(key, on=wedding.on):
        raise DomainError(_("On the day of the wedding you are below the legal age of marriage."), code="too-young")


def _check_registered(day: date | None) -> None:
    if day is not None and day > timezone.localdate():
        raise DomainError(_("The marriage registration date must not be in the future."), code="future")


@transaction.atomic
def couple_confirm(*, couple: WeddingCouple, actor: Member) -> WeddingCouple:
    """Confirm as the person who was asked: the couple has now applied.

    Its place in the queue follows the order of confirming.
    """
    wedding = locks.hold(couple.wedding)
    _check_open(wedding)
    held = _asked_of(couple, actor)
    own_asks = wedding.couples.filter(asker=actor, state=CoupleState.ASKED)
    for row in own_asks:
        advance(row, CoupleState.WITHDRAWN, actor=CLOCK, partner_index="")
    _check_free(wedding, actor)
    _check_age(wedding, actor)
    last = wedding.couples.aggregate(last=Max("place"))["last"] or 0
    changes: dict[str, Any] = {
        "partner": actor,
        "partner_index": "",
        "place": last + 1,
        "pair": _pair_of(held.asker_id, actor.pk),
    }
    held = advance(held, CoupleState.APPLIED, actor=actor, **changes)
    consent_give(member=actor, purpose=consents.WEDDING, about_id=wedding.pk)
    settled(members=[held.asker, actor])
    _tell(wedding, [held.asker], "matchmaking.couple_confirmed")
    message_post(
        kind="matchmaking.couple_applied",
        to=wedding.created_by,
        about=wedding,
        context={"title": wedding.title},
        url=reverse("matchmaking:wedding-couples", args=[wedding.pk]),
    )
    return held


def _asked_of(couple: WeddingCouple, actor: Member) -> WeddingCouple:
    held = locks.hold(couple)
    known = actor.phone_confirmed_at and actor.phone_index
    if held.state != CoupleState.ASKED or not known or held.partner_index != actor.phone_index:
        raise DomainError(_("You cannot decide this."), code="not-yours")
    return held


def _pair_of(one_id: int, two_id: int) -> Pair | None:
    sides = Q(one__member=one_id, two__member=two_id) | Q(one__member=two_id, two__member=one_id)
    return Pair.objects.filter(sides).order_by("-pk").first()


@transaction.atomic
def couple_refuse(*, couple: WeddingCouple, actor: Member) -> WeddingCouple:
    """Refuse this asker for good, as the person who was asked.

    Nobody is told, and for the asker the request looks as before.
    """
    held = _asked_of(couple, actor)
    held.refused_index = held.partner_index
    held.save(update_fields=["refused_index"])
    _refuse(held)
    return held


@transaction.atomic
def couple_accept(*, couple: WeddingCouple, actor: Member) -> WeddingCouple:
    """Give an applied or waitlisted couple a place; refused when all places are taken."""
    wedding = _deciding(couple)
    held = locks.hold(couple)
    if accepted_count(wedding) >= wedding.couples_most:
        raise DomainError(_("All places are taken. Put the couple on the waiting list."), code="full")
    held = advance(held, CoupleState.ACCEPTED, actor=actor)
    _tell(wedding, _people([held]), "matchmaking.couple_accepted")
    return held


def _deciding(couple: WeddingCouple) -> GroupWedding:
    wedding = locks.hold(couple.wedding)
    if wedding.state not in DECIDING:
        raise DomainError(_("This wedding is over or not open yet."), code="not-deciding")
    return wedding


@transaction.atomic
def couple_waitlist(*, couple: WeddingCouple, actor: Member) -> WeddingCouple:
    """Put an applied couple on the waiting list, in the order of confirming."""
    wedding = _deciding(couple)
    held = advance(locks.hold(couple), CoupleState.WAITLISTED, actor=actor)
    _tell(wedding, _people([held]), "matchmaking.couple_waitlisted")
    return held


@transaction.atomic
def couple_decline(*, couple: WeddingCouple, actor: Member, reason: str) -> WeddingCouple:
    """Decline a couple; both read the reason on their page."""
    wedding = _deciding(couple)
    held = advance(locks.hold(couple), CoupleState.DECLINED, actor=actor, reason=reason)
    _tell(wedding, _people([held]), "matchmaking.couple_declined")
    return held


@transaction.atomic
def couple_leave(*, couple: WeddingCouple, actor: Member) -> WeddingCouple:
    """Withdraw an application as one of the two; a freed place goes to the next couple in the queue."""
    wedding = locks.hold(couple.wedding)
    held = locks.hold(couple)
    if actor.pk not in held.people_ids():
        raise DomainError(_("You cannot decide this."), code="not-yours")
    if wedding.state not in DECIDING:
        raise DomainError(_("This wedding is over or not open yet."), code="not-deciding")
    return _withdraw(wedding, held, but=actor.pk)


def _withdraw(wedding: GroupWedding, held: WeddingCouple, *, but: int) -> WeddingCouple:
    people = list(_people([held]))
    held = advance(held, CoupleState.WITHDRAWN, actor=CLOCK, partner_index="")
    for member in people:
        consent_withdraw(member=member, purpose=consents.WEDDING, about_id=wedding.pk)
    _tell(wedding, [member for member in people if member.pk != but], "matchmaking.couple_withdrawn")
    couples_promote(wedding)
    return held


def couples_part(*, blocker: Member, blocked: Member) -> None:
    """End what the two have asked each other at weddings that are not over.

    An application of both is withdrawn as if one of them had done so. A request by the blocked person is refused, which
    is shown nowhere. A request by the blocker is withdrawn.
    """
    people = Q(asker=blocker, partner=blocked) | Q(asker=blocked, partner=blocker)
    questions = Q(asker=blocked, partner_index=blocker.phone_index) if blocker.phone_index else Q(pk=None)
    if blocked.phone_index:
        questions |= Q(asker=blocker, partner_index=blocked.phone_index)
    rows = WeddingCouple.objects.all().live().filter(people | questions, wedding__state__in=DECIDING)
    for couple in rows.select_related("wedding").order_by("wedding", "pk"):
        wedding = locks.hold(couple.wedding)
        held = locks.hold(couple)
        if held.state == CoupleState.ASKED and held.asker_id == blocked.pk:
            _refuse(held)
        elif held.state in LIVE_COUPLES:
            _withdraw(wedding, held, but=blocker.pk)


def _refuse(held: WeddingCouple) -> None:
    held.partner_index = ""
    held.save(update_fields=["partner_index"])
    audit_record(actor=CLOCK, action="couple.refuse", about=held)


def couples_promote(wedding: GroupWedding) -> list[WeddingCouple]:
    """Give free places of a locked wedding to waiting couples, in their order; return these couples."""
    if wedding.state not in DECIDING or wedding.on < timezone.localdate():
        return []
    free = wedding.couples_most - accepted_count(wedding)
    waiting = wedding.couples.filter(state=CoupleState.WAITLISTED).order_by("place")[: max(free, 0)]
    promoted = [advance(couple, CoupleState.ACCEPTED, actor=CLOCK) for couple in waiting]
    _tell(wedding, _people(promoted), "matchmaking.couple_accepted")
    return promoted


@transaction.atomic
def erase_weddings(member: Member) -> int:
    """Withdraw ``member`` from weddings to come and delete the applications; return how many.

    Accepted applications for weddings that were held are kept.
    """
    couples = WeddingCouple.objects.all().of(member).select_related("wedding").order_by("wedding", "pk")
    for couple in couples.live().exclude(wedding__state=WeddingState.HELD):
        wedding = locks.hold(couple.wedding)
        _withdraw(wedding, locks.hold(couple), but=member.pk)
    if member.phone_index:
        WeddingCouple.objects.filter(refused_index=member.phone_index).update(refused_index="")
    gone = couples.exclude(wedding__state=WeddingState.HELD, state=CoupleState.ACCEPTED)
    count = gone.count()
    WeddingCouple.objects.filter(pk__in=[couple.pk for couple in gone]).delete()
    return count
