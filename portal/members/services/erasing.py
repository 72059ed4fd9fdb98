"""Erasing a member: identifying data is deleted, and rows that figures count stay without it.

Shared packages and areas declare their part in ``erasing.py``: ``consequences(member)`` returns pairs of label and
count, and ``erase(*, member, actor)`` does the work; a second run finds nothing to do. The audit is left unchanged: it
holds names of fields, states and ids, never a value.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.discovery import declared
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS
from portal.core.services import steps_of
from portal.members.choices import IdentityKind, MaritalStatus, TransferState, VouchingState
from portal.members.models import (
    Appointment,
    Authenticator,
    Child,
    Consent,
    DataRequest,
    Duty,
    HandOver,
    Invitation,
    Member,
    PasswordHistory,
    RecoveryCode,
    SignInCode,
    Transfer,
    Vouching,
)
from portal.members.services.appointments import appointments_end
from portal.members.services.duties import duty_end
from portal.messaging.channels import ChannelError, sms_backend

if TYPE_CHECKING:
    from types import ModuleType

    from django.utils.functional import Promise

logger = logging.getLogger(__name__)

# The time in which data is erased again that a request running during the erasure may have written.
LOOK_BACK = timedelta(days=2)
CLOCK = Clock("members.erase")
# Replaces a text in a row that must not be empty.
GONE = "–"
BLANK = {
    "name": "",
    "pinyin": "",
    "birth_date": None,
    "identity_kind": IdentityKind.NONE,
    "identity_number": None,
    "identity_index": None,
    "phone": None,
    "phone_index": "",
    "phone_confirmed_at": None,
    "login_key": None,
    "marital_status": MaritalStatus.UNKNOWN,
    "language": "",
    "last_login": None,
    "last_seen_at": None,
    "session_key": "",
    "password_changed_at": None,
    "unlocked_at": None,
    "standing_until": None,
    "is_active": False,
}


def erasing_modules() -> list[ModuleType]:
    """Return the modules that declare a part, areas before the shared packages on which they depend."""
    return list(reversed(declared("erasing")))


def member_erase_consequences(member: Member) -> list[tuple[str | Promise, int | None]]:
    """Return the effects of erasing ``member`` as pairs of label and count, without those that are zero.

    A count of None means that it is not counted.
    """
    found = [
        (_("name, numbers, birth date and sign-in are erased"), None),
        (_("duties end"), Duty.objects.not_over().filter(member=member).count()),
        (_("pending appointments expire"), Appointment.objects.waiting().filter(member=member).count()),
        (_("children entered by this person are deleted"), Child.objects.filter(guardian=member).count()),
        (_("consents are withdrawn"), Consent.objects.standing().filter(member=member).count()),
    ]
    for module in erasing_modules():
        found += module.consequences(member)
    return [(words, count) for words, count in found if count != 0]


@transaction.atomic
def member_erase(*, member: Member, actor: Member | None) -> Member:
    """Erase a member: the data that figures count stays, the data that identifies the member goes.

    Sex, birth year and unit stay, so that no figure changes. Refused for the holder of an administrator's duty: the
    three administrators watch one another, so such a duty must be handed over first.
    """
    if member.pk == getattr(actor, "pk", None):
        raise DomainError(_("You cannot erase your own data."), code="own")
    duties = list(Duty.objects.not_over().filter(member=member).order_by("pk"))
    if any(duty.role in ADMINISTRATORS for duty in duties):
        raise DomainError(_("This person is an administrator. Hand over that duty first."), code="administrator")
    _erase_elsewhere(member, actor)
    held = locks.hold(member)
    if held.erased_at:
        raise DomainError(_("This person's data has already been erased."), code="erased")
    for duty in duties:
        duty_end(actor=actor, duty=duty, tell=False)
    _erase_around(held, actor)
    for name, value in BLANK.items():
        setattr(held, name, value)
    held.password = make_password(None)
    held.session_epoch += 1
    held.version += 1
    held.erased_at = timezone.now()
    fields = [*BLANK, "password", "session_epoch", "version", "erased_at"]
    held.save(update_fields=fields)
    audit_record(actor=actor, action="member.erase", about=held, fields=fields)
    return held


def _erase_elsewhere(member: Member, actor: Member | None) -> None:
    for module in erasing_modules():
        module.erase(member=member, actor=actor)


def _erase_around(held: Member, actor: Member | None) -> None:
    """Erase what this package keeps beside the roster entry."""
    for model in (Authenticator, RecoveryCode, PasswordHistory, Invitation):
        model.objects.filter(member=held).delete()
    SignInCode.objects.filter(Q(member=held) | _by_phone(held)).delete()
    Consent.objects.standing().filter(member=held).update(withdrawn_at=timezone.now())
    Child.objects.filter(guardian=held).delete()
    for row in Vouching.objects.filter(Q(member=held) | _by_phone(held)):
        _erase_vouching(row)
    HandOver.objects.standing().filter(successor=held).update(successor=None)
    for transfer in Transfer.objects.waiting().filter(member=held):
        advance(transfer, TransferState.EXPIRED, actor=CLOCK)
    appointments_end(Appointment.objects.filter(Q(member=held) | Q(proposed_by=held)))
    Appointment.objects.filter(member=held).exclude(reason="").update(reason=GONE)
    for request in DataRequest.objects.filter(member=held):
        request.words = GONE
        request.answer = GONE if request.answer else None
        request.save(update_fields=["words", "answer"])


def _by_phone(held: Member) -> Q:
    return Q(phone_index=held.phone_index) if held.phone_index else Q(pk=None)


def _erase_vouching(row: Vouching) -> None:
    if row.state == VouchingState.ASKED:
        row = advance(row, VouchingState.EXPIRED, actor=CLOCK)
    row.name = row.identity_number = row.phone = None
    row.phone_index = ""
    row.reason = GONE if row.reason else ""
    row.save(update_fields=["name", "identity_number", "phone", "phone_index", "reason"])


def erasures_repeat() -> int:
    """Erase again what running requests may have written of members erased lately; return the number."""
    people = Member.objects.filter(erased_at__gte=timezone.now() - LOOK_BACK)
    with steps_of("members.erasures") as steps:
        for member in people.order_by("pk"):
            with steps.one(member):
                _erase_elsewhere(member, member)
    return steps.done


def farewell(*, phone: str, language: str, key: str) -> None:
    """Send a last message to the number that is kept no more.

    If the provider does not answer, only this one message is lost.
    """
    try:
        with translation.override(language):
            sms_backend().send(phone, "members.erased", {}, key)
    except ChannelError as error:
        logger.warning("farewell %s was not sent: %s", key, error)
