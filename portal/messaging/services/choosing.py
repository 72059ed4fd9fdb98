"""The member's choice of channels for each app, and the member's e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.services import audit_record
from portal.core import crypto, limits
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.messaging.channels import ChannelError, mail_send
from portal.messaging.choices import Channel
from portal.messaging.models import ChannelChoice, Mailbox
from portal.messaging.services.messages import message_post
from portal.web.links import absolute

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from portal.members.models import Member

SALT = "messaging.mailbox"
LINK_SECONDS = 24 * 3600
LETTERS_PER_DAY = 5
BOTH = (Channel.IN_APP, Channel.SMS)


def address_index(address: str) -> str:
    """Return the blind index of an e-mail address."""
    return crypto.blind_index("messaging.mailbox.address", address.lower())


def mailbox_set(*, actor: Member, address: str) -> Mailbox:
    """Store the actor's e-mail address and send a mail with a confirmation link to it.

    Nothing else is sent there before the address is confirmed.
    """
    taken = limits.take(limits.Limit("mailbox", str(actor.pk), LETTERS_PER_DAY, 24 * 3600))
    with transaction.atomic():
        mailbox_remove(actor=actor)
        (pk,) = reserve_pks(Mailbox)
        box = Mailbox(pk=pk, member=actor, address=address, address_index=address_index(address))
        box.save(force_insert=True)
        audit_record(actor=actor, action="mailbox.set", about=box, fields=["address"])
    token = signing.dumps({"pk": box.pk, "index": box.address_index[:16]}, salt=SALT)
    link = absolute(reverse("messaging:mailbox-confirm", args=[token]))
    words = render_to_string("messaging/mailbox_letter.txt", {"link": link}).strip()
    title, _newline, body = words.partition("\n")
    try:
        mail_send(EmailMessage(subject=title, body=body.strip(), from_email=settings.DEFAULT_FROM_EMAIL, to=[address]))
    except ChannelError:
        taken.give_back()
        raise DomainError(
            _("The e-mail to this address could not be sent. Please try again later."), code="not-sent"
        ) from None
    return box


def mailbox_of_token(actor: Member, token: str) -> Mailbox:
    """Return the actor's mailbox that the link in a mail names.

    Raises DomainError for a link that is old or belongs to another person.
    """
    try:
        named = signing.loads(token, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        named = {}
    box = Mailbox.objects.filter(
        member=actor, pk=named.get("pk"), address_index__startswith=named.get("index", "-")
    ).first()
    if box is None:
        raise DomainError(_("This link is no longer valid. Request a new e-mail on your page."), code="link")
    return box


@transaction.atomic
def mailbox_confirm(*, actor: Member, token: str) -> Mailbox:
    """Record that the actor's e-mail address is confirmed."""
    box = mailbox_of_token(actor, token)
    if box.confirmed_at is None:
        box.confirmed_at = timezone.now()
        box.save(update_fields=["confirmed_at"])
        audit_record(actor=actor, action="mailbox.confirm", about=box)
        _tell(actor)
    return box


def _tell(member: Member, old: str = "") -> None:
    """Tell the member that an e-mail address was added or removed; a removed address is told too."""
    now: dict[str, Any] = {"to": member, "urgent": True, "always": True}
    message_post(kind="messaging.mailbox", channels=BOTH if member.sms_number() else BOTH[:1], **now)
    if old:
        message_post(kind="messaging.mailbox", channels=(Channel.EMAIL,), address=old, **now)


@transaction.atomic
def mailbox_remove(*, actor: Member) -> None:
    """Delete the actor's e-mail address; mails that still wait find no address and are given up."""
    for box in Mailbox.objects.filter(member=actor):
        audit_record(actor=actor, action="mailbox.remove", about=box)
        if box.confirmed_at is not None:
            _tell(actor, old=box.address)
        box.delete()


@transaction.atomic
def channels_choose(*, actor: Member, wanted: Mapping[tuple[str, str], bool]) -> None:
    """Store the actor's choices; ``wanted`` maps (app, channel) to True or False."""
    for (area, channel), value in wanted.items():
        ChannelChoice.objects.update_or_create(
            member=actor, area=area, channel=Channel(channel), defaults={"wanted": value}
        )
