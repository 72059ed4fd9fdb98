"""Channels to the outside; a backend sends one text to one number or raises ChannelError."""

from __future__ import annotations

import json
import smtplib
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import OutboxHold
from portal.messaging.texts import sms_compose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.core.mail import EmailMessage
    from django.utils.functional import Promise

    from portal.messaging.texts import Sms

DEMO_PREFIX = "120"


class ChannelError(Exception):
    """The provider refused or did not answer in time; the text gives the reason, never the number."""


class ChannelDown(ChannelError):
    """The provider does not answer at all; the next message by this channel would wait in vain."""


class ChannelLimit(ChannelError):
    """The provider sends no more to this number for a while, or no more from this account today."""


class ChannelRefused(ChannelError):
    """The provider never sends to this number: it does not exist, or its owner refuses messages."""


class ChannelNowhere(ChannelError):
    """There is no number or address to send to; no provider was called."""


class ChannelNotSetUp(ChannelError):
    """Something has to be set up first: the provider, its account or a template."""


def is_demo_number(phone: str) -> bool:
    """Return whether ``phone`` is in 120 0000 0000 to 120 9999 9999, which no operator issues."""
    return len(phone) == 11 and phone.startswith(DEMO_PREFIX)


class SmsBackend:
    """Base of SMS backends: sends a declared template (``<app>/sms.py``) with its parameters.

    ``key`` is the idempotency key of the message. ``deliver`` waits at most SMS_TIMEOUT_SECONDS; it raises ChannelDown
    when the provider does not answer and another ChannelError when it refuses.
    """

    takes_demo_numbers = False
    # Language of the parameters; None means the active language, which is the recipient's.
    language: str | None = None

    def send(self, phone: str | None, template: str, parameters: Mapping[str, object], key: UUID | str) -> None:
        """Send ``template`` to ``phone``; ``parameters`` are plain values by name, as in a context."""
        if not phone:
            raise ChannelNowhere("no number")
        if is_demo_number(phone) and not self.takes_demo_numbers:
            raise ChannelRefused("demo number")
        if OutboxHold.objects.exists():
            raise ChannelError("a restored copy sends nothing")
        try:
            with translation.override(self.language or translation.get_language()):
                sms = sms_compose(template, parameters)
        except LookupError:
            raise ChannelNotSetUp(f"no text or parameter for {template}") from None
        except (TypeError, ValueError):
            # The parser's message would repeat the value.
            raise ChannelError(f"a parameter of {template} cannot be sent") from None
        self.deliver(phone, sms, key)

    def deliver(self, phone: str, sms: Sms, key: UUID | str) -> None:
        raise NotImplementedError

    @staticmethod
    def missing() -> list[str]:
        """Return the names of required settings that are not set."""
        return []


class RefusingSms(SmsBackend):
    """Used until a provider is named in PORTAL_SMS_BACKEND; sends nothing."""

    def deliver(self, phone: str, sms: Sms, key: UUID | str) -> None:
        raise ChannelNotSetUp("no provider is set up")


class FileSms(SmsBackend):
    """Writes one JSON file for each message into SMS_DIR; a repeat with the same key overwrites it."""

    takes_demo_numbers = True

    def deliver(self, phone: str, sms: Sms, key: UUID | str) -> None:
        folder = Path(settings.SMS_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        entry = {"at": timezone.now().isoformat(), "phone": phone, "text": sms.text, "key": str(key)}
        part = folder / f".{key}.part"
        part.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
        part.replace(folder / f"{key}.json")

    @staticmethod
    def sent(limit: int = 50) -> list[dict[str, str]]:
        """Return the latest messages, newest first, as dicts with at, phone, text and key."""
        folder = Path(settings.SMS_DIR)
        if not folder.is_dir():
            return []
        entries = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
        return sorted(entries, key=lambda entry: entry["at"], reverse=True)[:limit]


def sms_is_set_up() -> bool:
    """Return whether a provider is named at all; without one nobody can be sent a code."""
    return not isinstance(sms_backend(), RefusingSms)


def sms_backend() -> SmsBackend:
    """Return the SMS backend that the settings name."""
    backend: SmsBackend = import_string(settings.SMS_BACKEND)()
    return backend


NOT_SENT = _("The text message could not be sent. Please try again in a minute.")
NOT_SENT_BECAUSE: dict[type[ChannelError], str | Promise] = {
    ChannelNotSetUp: _(
        "This portal cannot send text messages yet: no provider is set up. Please tell the portal's administrators."
    ),
    ChannelRefused: _("No text message can be sent to this number. Check it, or give your union another number."),
    ChannelLimit: _("Too many text messages were sent to this number. Please try again in an hour."),
}


def not_sent(error: ChannelError) -> str | Promise:
    """Return the text for a person to whom a message could not be sent."""
    return NOT_SENT_BECAUSE.get(type(error), NOT_SENT)


class RefusingMail(BaseEmailBackend):
    """Used until a server is named in PORTAL_EMAIL_URL; sends nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return 0


def mail_is_set_up() -> bool:
    """Return whether a mail server is named at all."""
    return not issubclass(import_string(settings.EMAIL_BACKEND), RefusingMail)


def mail_send(message: EmailMessage) -> None:
    """Send one e-mail through the backend that the settings name, or raise ChannelError.

    The text of the error contains no address.
    """
    try:
        sent = get_connection(timeout=settings.EMAIL_TIMEOUT).send_messages([message])
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as error:
        raise ChannelDown(type(error).__name__) from None
    except smtplib.SMTPException as error:
        raise ChannelError(type(error).__name__) from None
    except OSError as error:
        raise ChannelDown(type(error).__name__) from None
    if not sent:
        raise ChannelError("not accepted")
