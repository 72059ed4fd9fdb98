"""Asks external services whether a name, an identity number and a phone belong to one person.

Two services have one interface: the operators' three-element check (运营商三要素核验) and a union's real-name service.
Answers are stored nowhere. The data goes out only in the body of a POST; log lines and exceptions contain none of it.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import logging
import re
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_code, clean_line
from portal.members.identity import DEMO_AREA
from portal.messaging.channels import is_demo_number
from portal.messaging.services.holding import outbox_held

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
_PHONE = re.compile(r"1[0-9]{10}")


class Answer(models.TextChoices):
    MATCHES = "matches", _("All three match")
    DIFFERS = "differs", _("The three do not match")
    # No record was found, the service cannot tell, or no service is set up.
    UNKNOWN = "unknown", _("Cannot be verified")


class CheckError(Exception):
    """The service did not answer in time or is out of order.

    The text gives the reason and nothing of what was asked.
    """


def check_three_elements(*, name: str, identity_number: str, phone: str) -> Answer:
    """Ask the operators whether ``phone`` is registered to this person, or raise CheckError.

    The person is given by ``name`` and ``identity_number``.
    """
    return _check("THREE_ELEMENTS", name, identity_number, phone)


def check_real_name(*, name: str, identity_number: str, phone: str) -> Answer:
    """Ask the union's real-name service the same question, or raise CheckError."""
    return _check("REAL_NAME", name, identity_number, phone)


SERVICES = ("THREE_ELEMENTS", "REAL_NAME")


def backend(service: str) -> NullCheck:
    """Return the backend that the settings name for ``service``: THREE_ELEMENTS or REAL_NAME."""
    made: NullCheck = import_string(getattr(settings, f"{service}_BACKEND"))(service)
    return made


def _check(service: str, name: str, identity_number: str, phone: str) -> Answer:
    name, number, phone = clean_line(name or ""), clean_code(identity_number or ""), clean_code(phone or "")
    if not (name and _IDENTITY.fullmatch(number) and _PHONE.fullmatch(phone)):
        return Answer.UNKNOWN
    return backend(service).check(name, number, phone)


class NullCheck:
    """The backend used until a service is set up; it always answers that nobody can say."""

    for_demo = False

    def __init__(self, service: str) -> None:
        self.service = service

    def is_set_up(self) -> bool:
        return False

    def missing(self) -> list[str]:
        """Return the names of the missing settings without which the service cannot be asked."""
        return []

    def check(self, name: str, identity_number: str, phone: str) -> Answer:
        return Answer.UNKNOWN


class HttpCheck(NullCheck):
    """Asks a service of an API market by a signed POST of a JSON object over HTTPS.

    The service answers with a result code. With a key id, the request is signed as API gateways require
    (X-Ca-Signature, HMAC-SHA256 over method, headers, the digest of the body, and path). Without one, the secret is an
    APPCODE. The settings give the service's names of the three fields (name, identity number, phone) and the position
    of the result in the answer.
    """

    RESULTS = {"1": Answer.MATCHES, "2": Answer.DIFFERS, "3": Answer.UNKNOWN}

    def setting(self, name: str) -> Any:
        return getattr(settings, f"{self.service}_{name}")

    def is_set_up(self) -> bool:
        return not self.missing()

    def missing(self) -> list[str]:
        return [f"{self.service}_{name}" for name in ("URL", "KEY_SECRET") if not self.setting(name)]

    def check(self, name: str, identity_number: str, phone: str) -> Answer:
        if self.missing() or identity_number.startswith(DEMO_AREA) or is_demo_number(phone):
            return Answer.UNKNOWN
        if outbox_held():
            raise CheckError("a restored copy asks nobody")
        body = json.dumps(
            dict(zip(self.setting("FIELDS"), (name, identity_number, phone), strict=True)), ensure_ascii=False
        ).encode()
        try:
            answer = self._ask(body)
        except requests.RequestException as error:
            raise self._failed(type(error).__name__) from None
        result = answer
        for part in self.setting("RESULT").split("."):
            result = result.get(part) if isinstance(result, dict) else None
        if isinstance(result, bool) or str(result) not in self.RESULTS:
            raise self._failed("an answer without a result")
        return self.RESULTS[str(result)]

    def _ask(self, body: bytes) -> Any:
        seconds = self.setting("TIMEOUT_SECONDS")
        ends = time.monotonic() + seconds
        connect = min(1, seconds / 3)
        with requests.post(
            self.setting("URL"),
            data=body,
            headers=self._headers(body),
            # Do not read .netrc, and send the request to no other address than the one in the settings.
            auth=lambda request: request,
            allow_redirects=False,
            timeout=(connect, seconds - connect),
            stream=True,
        ) as response:
            if response.status_code != 200:
                raise self._failed(f"status {response.status_code}")
            if "json" not in response.headers.get("Content-Type", ""):
                raise self._failed("an answer that is no JSON")
            content = bytearray()
            for byte in response.iter_content(1):
                content += byte
                if len(content) > MOST_BYTES:
                    raise self._failed("an answer that is too long")
                if time.monotonic() > ends:
                    raise self._failed("an answer that does not end")
        try:
            return json.loads(content)
        except ValueError:
            raise self._failed("an answer that is no JSON") from None

    def _headers(self, body: bytes) -> dict[str, str]:
        kind = "application/json; charset=UTF-8"
        headers = {"Accept": "application/json", "Content-Type": kind}
        if not self.setting("KEY_ID"):
            return headers | {"Authorization": f"APPCODE {self.setting('KEY_SECRET')}"}
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        signed = {
            "x-ca-key": self.setting("KEY_ID"),
            "x-ca-nonce": str(uuid.uuid4()),
            "x-ca-signature-method": "HmacSHA256",
            "x-ca-timestamp": str(int(time.time() * 1000)),
        }
        lines = ["POST", headers["Accept"], digest, kind, ""]
        lines += [f"{name}:{value}" for name, value in sorted(signed.items())]
        parts = urlsplit(self.setting("URL"))
        lines.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        secret = self.setting("KEY_SECRET").encode()
        signature = base64.b64encode(hmac.new(secret, "\n".join(lines).encode(), "sha256").digest()).decode()
        return {
            **headers,
            **signed,
            "Content-MD5": digest,
            "x-ca-signature": signature,
            "x-ca-signature-headers": ",".join(sorted(signed)),
        }

    def _failed(self, reason: str) -> CheckError:
        """Record for the administrators why the service failed, and return the exception."""
        logger.error("identity check %s failed: %s", self.service, reason)
        return CheckError(reason)


class DemoCheck(NullCheck):
    """Answers for demo people as their operator would, from the cards issued to them.

    What the roster says now does not matter. The cards are in a file beside the demo's text messages. ``load_demo``
    issues them with the first numbers; the command ``demo_sim`` issues a further one.
    """

    for_demo = True

    def is_set_up(self) -> bool:
        return True

    def check(self, name: str, identity_number: str, phone: str) -> Answer:
        cards = demo_cards()
        holder = [name, identity_number]
        if phone in cards:
            return Answer.MATCHES if cards[phone] == holder else Answer.DIFFERS
        # Nobody holds a card with this number. If the person holds another card, the number is not theirs; otherwise
        # nobody can say.
        known = any(number == identity_number for _name, number in cards.values())
        return Answer.DIFFERS if known else Answer.UNKNOWN


def _cards_file() -> Path:
    return Path(settings.SMS_DIR) / "operator" / "cards.json"


def demo_cards() -> dict[str, list[str]]:
    """Return the demo's telephone cards: phone -> [name, identity number] of their holder."""
    try:
        cards: dict[str, list[str]] = json.loads(_cards_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return cards


def demo_cards_issue(cards: Iterable[tuple[str, str, str]]) -> None:
    """Issue cards to demo people, given as (phone, name, identity number).

    A phone number that is issued already moves to the new holder.
    """
    if not settings.ALLOW_DEMO_PEOPLE:
        raise CheckError("demo people exist under the demo and test settings only")
    path = _cards_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (path.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        issued = demo_cards() | {phone: [clean_line(name), clean_code(number)] for phone, name, number in cards}
        part = path.with_suffix(".part")
        part.write_text(json.dumps(issued, ensure_ascii=False), encoding="utf-8")
        part.replace(path)
