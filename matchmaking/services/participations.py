"""Services to join and to leave an event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.events import HELD_STATES
from matchmaking.models import Choice, MatchEvent, Pair, Participation
from matchmaking.promises import EVENT_LEAVE
from matchmaking.services.ending import pair_close
from matchmaking.services.promises import by_silence, keeps
from portal.audit.gate import Clock, advance
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.core.text import clean_line, clean_prose
from portal.exchange import storage
from portal.exchange.choices import FileKind
from portal.exchange.services.files import file_empty, file_store
from portal.members.identity import age_on, birth_date_of
from portal.members.services.consents import consent_give, consent_withdraw
from portal.messaging.choices import Channel
from portal.messaging.services.messages import message_post, messages_post
from portal.signups import services as engine
from portal.signups.choices import LIVE, Door, SignUpState

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.members.models import Member
    from portal.signups.services import Moved


@transaction.atomic
def consent_renew(*, participation: Participation, actor: Member) -> Participation:
    """Renew the consent after the purpose has changed; the participant's card is shown again."""
    if participation.member_id != actor.pk:
        raise DomainError(_("Only the person concerned can agree."), code="not-yours")
    event = locks.hold(participation.offering)
    row = locks.hold(participation)
    refusal = event.standing_refusal(actor)
    if refusal:
        raise DomainError(refusal, code="no-standing")
    if row.state not in LIVE:
        raise DomainError(_("You are not taking part in this event."), code="not-in")
    row.consent_version = event.consent_version
    row.save(update_fields=["consent_version"])
    consent_give(member=actor, purpose=consents.event_purpose(event), about_id=event.pk)
    return row


CONTACT = re.compile(r"\d[\d\s.\-]{4,}\d|@|微信|weixin|wechat|vx|\bqq\b|电话|手机", re.IGNORECASE)


def check_line(line: str, member: Member) -> str:
    """Return the text for a card on one line.

    Raises DomainError when it names the person, their unit or a way to reach them.
    """
    line = clean_prose(line)
    plain = clean_line(line)
    unit = member.organization
    named = [member.name, unit.name if unit else "", unit.short_name if unit else ""]
    if CONTACT.search(plain):
        raise DomainError(
            _(
                "Please do not write numbers or contact details in the introduction: contact details "
                "are exchanged only when both people agree."
            ),
            code="line-contact",
        )
    bare = plain.replace(" ", "")
    if any(name and name.replace(" ", "") in bare for name in named):
        raise DomainError(_("Please do not write your name or your unit in the introduction."), code="line-name")
    longest = Participation._meta.get_field("line").max_length
    assert longest is not None
    if len(line) > longest:
        raise DomainError(_("At most %(count)s characters, please.") % {"count": longest}, code="line-long")
    if not line:
        raise DomainError(_("Write one sentence about yourself: it is what others see first."), code="line-empty")
    return line


@transaction.atomic
def event_join(
    *, event: MatchEvent, member: Member, actor: Member, line: str, photo: bytes | None = None
) -> tuple[Participation, bool]:
    """Sign a member up with card and consent; returns (participation, created).

    ``photo`` is the bytes of a picture that is already cleaned, or None. A repeated request returns the existing
    sign-up.
    """
    if photo and event.restricted:
        raise DomainError(_("This event does not use photos."), code="no-photos")
    line, stored = check_line(line, member), None
    if photo:  # checked before the event is locked: others wait for that
        stored = file_store(
            actor=member, name="card.jpg", chunks=[photo], kind=FileKind.PICTURE, content_type="image/jpeg"
        )
    try:
        row, created = take_place(event=event, member=member, actor=actor, line=line, photo=stored)
    except BaseException:
        if stored:
            storage.remove(stored.key)
        raise
    if created:
        tell_joined(row)
    elif stored:
        file_empty(stored=stored)
    return row, created


def tell_joined(row: Participation) -> None:
    """Notify a person of the state of their sign-up."""
    event = row.offering
    message_post(
        kind="matchmaking.joined",
        to=row.member,
        about=event,
        context={"title": event.title, "state": row.state, "number": row.number},
        url=event.get_member_url(),
    )


@dataclass
class Leaving:
    """A sign-up that ends: its row, its locked event, and the actor of the step."""

    row: Participation
    event: MatchEvent
    actor: Member | Clock


def _take_off_the_lists(leaving: Leaving) -> None:
    """Give the place back.

    After the reveal the row stays for the figures, in a state of its own and without the person's text.
    """
    if leaving.event.state in HELD_STATES:
        advance(leaving.row, SignUpState.LEFT, actor=leaving.actor)
    else:
        _row, moved = engine.leave(signup=leaving.row, actor=leaving.actor)
        tell_offered(leaving.event, moved)
    Participation.objects.filter(pk=leaving.row.pk).update(matchmaker=None)


def _forget_card(leaving: Leaving) -> None:
    Participation.objects.filter(pk=leaving.row.pk).update(line="")
    leaving.row.line = ""


def _end_pairs(leaving: Leaving) -> None:
    if leaving.event.state not in HELD_STATES:
        return
    for pair in locks.hold_all(Pair.objects.filter(Q(one=leaving.row) | Q(two=leaving.row))):
        pair_close(pair)


_leave: Callable[[Leaving], None] = keeps(
    EVENT_LEAVE,
    {
        "card": _forget_card,
        "photo": lambda leaving: forget_photo(leaving.row),
        "choices": lambda leaving: Choice.objects.filter(chooser=leaving.row).delete(),
        "agreement": lambda leaving: consent_withdraw(
            member=leaving.row.member, purpose=consents.EVENT, about_id=leaving.event.pk
        ),
        "place": _take_off_the_lists,
        "pairs": _end_pairs,
        "nobody-told": by_silence,
    },
)


@transaction.atomic
def event_leave(*, participation: Participation, actor: Member | Clock) -> Participation:
    """End a sign-up as ``promises.EVENT_LEAVE`` says, before or after the reveal; refused a second time."""
    event = locks.hold(participation.offering)
    row = locks.hold(participation)
    if row.state not in LIVE or (event.state in HELD_STATES and row.state != SignUpState.CONFIRMED):
        raise DomainError(_("You have already left this event."), code="left")
    _leave(Leaving(row, event, actor))
    row.refresh_from_db()
    return row


@transaction.atomic
def take_place(
    *, event: MatchEvent, member: Member, actor: Member, line: str, door: Door = Door.SELF, **fields: Any
) -> tuple[Participation, bool]:
    """Sign ``member`` up through ``door`` with their consent; returns (participation, created).

    ``line`` is already checked.
    """
    born = birth_date_of(member)
    row, created = engine.join(
        offering=event,
        member=member,
        actor=actor,
        door=door,
        agree=lambda: consent_give(member=member, purpose=consents.event_purpose(event), about_id=event.pk),
        unit_id=member.organization_id,
        age=age_on(born, timezone.localdate(event.starts_at)) if born else 0,
        line=line,
        consent_version=event.consent_version,
        **fields,
    )
    assert isinstance(row, Participation)
    if created and event.balance_tolerance is not None:
        tell_offered(event, engine.promote(offering=event))
    return row, created


def forget_photo(row: Participation) -> None:
    """Delete the photo of a card."""
    photo = row.photo
    if photo is not None:
        row.photo = None
        row.save(update_fields=["photo"])
        file_empty(stored=photo)


def tell_offered(event: MatchEvent, moved: Moved) -> None:
    """Notify people who were offered a place until when it is held."""
    messages_post(
        kind="matchmaking.offered",
        recipients=[
            (row.member, {"title": event.title, "until": timezone.localtime(row.offered_until).isoformat()})
            for row in moved.offered
        ],
        about=event,
        url=event.get_member_url(),
        channels=(Channel.IN_APP, Channel.SMS),
    )


@transaction.atomic
def offer_accept(*, participation: Participation, actor: Member, line: str = "", agreed: bool = False) -> Participation:
    """Take an offered place.

    A person whom staff put on the list writes ``line`` now, and one who has not consented to the current purpose does
    so (``agreed``). Without these the place is not taken.
    """
    event = participation.offering
    changes: dict[str, Any] = {}
    if not participation.line or line:
        changes["line"] = check_line(line, participation.member)
    if needs_consent(participation):
        if not agreed:
            raise DomainError(_("To take part, please tick the box to agree."), code="not-agreed")
        changes["consent_version"] = event.consent_version
    row = engine.accept(signup=participation, actor=actor, **changes)
    assert isinstance(row, Participation)
    if "consent_version" in changes:
        consent_give(member=row.member, purpose=consents.event_purpose(row.offering), about_id=row.offering_id)
    tell_joined(row)
    return row


def needs_consent(participation: Participation) -> bool:
    """Return whether the participant has not consented to the event's current purpose."""
    return participation.consent_version != participation.offering.consent_version


def offers_expire() -> int:
    """Expire offers that ran out, one event per transaction; return how many.

    Their places go to the next people in the queue.
    """
    over = MatchEvent.objects.filter(
        signups__state=SignUpState.OFFERED, signups__offered_until__lte=timezone.now()
    ).distinct()
    count = 0
    with steps_of("matchmaking.offers") as steps:
        for event in over:
            with steps.one(event):
                count += _expire_one(event)
    return count


@transaction.atomic
def _expire_one(event: MatchEvent) -> int:
    expired, moved = engine.expire(offering=event)
    messages_post(
        kind="matchmaking.offer_expired",
        recipients=[(row.member, {"title": event.title}) for row in expired],
        about=event,
        url=event.get_member_url(),
    )
    tell_offered(event, moved)
    return len(expired)
