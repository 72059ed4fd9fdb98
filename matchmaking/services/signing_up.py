"""Joining and leaving an event."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices import HELD_STATES
from matchmaking.models import Choice, MatchEvent, Participation
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.text import clean_line, clean_prose
from portal.exchange.choices import FileKind
from portal.exchange.services import file_empty, file_store
from portal.members.identity import age_on
from portal.members.services import birth_date_of, consent_give, consent_withdraw
from portal.messaging.services import message_post, messages_post
from portal.signups import services as engine
from portal.signups.choices import SignUpState

_CONTACT = re.compile(r"\d[\d\s.\-]{4,}\d|@|微信|weixin|wechat|vx|\bqq\b|电话|手机", re.IGNORECASE)


def check_line(line, member):
    """Return the line for a card in one line; DomainError when it names the person, her unit or a way to reach her."""
    line = clean_prose(line)
    plain = clean_line(line)
    unit = member.organization
    named = [member.name, unit.name if unit else "", unit.short_name if unit else ""]
    if _CONTACT.search(plain):
        raise DomainError(
            _("Please leave numbers and contacts out of your line: contact is passed on only when both agree."),
            code="line-contact",
        )
    bare = plain.replace(" ", "")
    if any(name and name.replace(" ", "") in bare for name in named):
        raise DomainError(_("Please leave your name and your unit out of your line."), code="line-name")
    longest = Participation._meta.get_field("line").max_length
    if len(line) > longest:
        raise DomainError(_("At most %(count)s characters, please.") % {"count": longest}, code="line-long")
    if not line:
        raise DomainError(_("Write a line about yourself: it is what others see first."), code="line-empty")
    return line


@transaction.atomic
def event_join(*, event, member, actor, line, photo=None):
    """Sign a member up with her card and her consent; returns (participation, created).

    ``photo`` is the bytes of a picture already cleaned, or None. A second sending returns the sign-up that stands.
    """
    line = check_line(line, member)
    born = birth_date_of(member)
    age = age_on(born, timezone.localdate(event.starts_at)) if born else 0
    row, created = engine.join(
        offering=event,
        member=member,
        actor=actor,
        unit_id=member.organization_id,
        age=age,
        line=line,
        consent_version=event.consent_version,
    )
    if not created:
        return row, False
    if event.balance_tolerance is not None:
        _tell_offered(event, engine.promote(offering=event))
    consent_give(member=member, purpose=consents.EVENT, about_id=event.pk)
    if photo:
        row.photo = file_store(
            actor=member, name="card.jpg", chunks=[photo], kind=FileKind.PICTURE, content_type="image/jpeg"
        )
        row.save(update_fields=["photo"])
    message_post(
        kind="matchmaking.joined",
        to=member,
        about=event,
        context={"title": event.title, "state": row.state, "number": row.number},
        url=event.get_member_url(),
    )
    return row, True


@transaction.atomic
def event_leave(*, participation, actor):
    """Withdraw a sign-up: consent is taken back, her choices and photo are deleted, the next in line is asked."""
    member, event = participation.member, locks.hold(participation.offering)
    if event.state in HELD_STATES:
        row, moved = participation, engine.Moved(())
    else:
        row, moved = engine.leave(signup=participation, actor=actor)
    Choice.objects.filter(chooser=participation).delete()
    consent_withdraw(member=member, purpose=consents.EVENT, about_id=event.pk)
    forget_photo(row)
    _tell_offered(event, moved)
    return row


def forget_photo(row):
    """Delete the photo of a card."""
    if row.photo_id:
        photo = row.photo
        row.photo = None
        row.save(update_fields=["photo"])
        file_empty(stored=photo)


def _tell_offered(event, moved):
    messages_post(
        kind="matchmaking.offered",
        recipients=[
            (row.member, {"title": event.title, "until": timezone.localtime(row.offered_until).isoformat()})
            for row in moved.offered
        ],
        about=event,
        url=event.get_member_url(),
        channels=("in_app", "sms"),
    )


@transaction.atomic
def offer_accept(*, participation, actor):
    """Take an offered place."""
    row = engine.accept(signup=participation, actor=actor)
    message_post(
        kind="matchmaking.joined",
        to=row.member,
        about=row.offering,
        context={"title": row.offering.title, "state": row.state, "number": row.number},
        url=row.offering.get_member_url(),
    )
    return row


def offers_expire():
    """Let offers that ran out go to the next in line, one event a transaction; return how many ran out."""
    over = MatchEvent.objects.filter(
        signups__state=SignUpState.OFFERED, signups__offered_until__lte=timezone.now()
    ).distinct()
    return sum(map(_expire_one, over))


@transaction.atomic
def _expire_one(event):
    expired, moved = engine.expire(offering=event)
    messages_post(
        kind="matchmaking.offer_expired",
        recipients=[(row.member, {"title": event.title}) for row in expired],
        about=event,
        url=event.get_member_url(),
    )
    _tell_offered(event, moved)
    return len(expired)
