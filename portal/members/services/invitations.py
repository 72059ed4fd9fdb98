"""Invitations: the links by which staff choose a password."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import crypto, limits, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.text import clean_code, clean_line
from portal.members.backends import login_key_of_name
from portal.members.choices import InvitationPurpose
from portal.members.models import Invitation, Member
from portal.members.rules import open_duties
from portal.members.services.activation import NO_NAME, names, person_check
from portal.members.services.passwords import CODE_SIGNS, CODE_TRIES, HOUR, SIGNS, SPENT, account_write, password_write
from portal.members.services.people import phone_index_of, phone_refuse_taken
from portal.members.services.telling import account_tell, staff_step_count
from portal.messaging.channels import sms_is_set_up
from portal.messaging.choices import Channel
from portal.messaging.services.messages import message_post
from portal.web.links import absolute


def _token(pk: int, salt: str) -> str:
    return crypto.blind_index("invitation.link", f"{pk}.{salt}")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _open_invitation(pk: int) -> Invitation | None:
    row = Invitation.objects.filter(pk=pk, used_at=None).select_related("member").first()
    return None if row is None or _is_spent(row) else row


def _short_code(row: Invitation) -> str:
    number = int(crypto.blind_index("invitation.code", f"{row.pk}.{row.salt}"), 16)
    return "".join(SIGNS[number // len(SIGNS) ** place % len(SIGNS)] for place in range(CODE_SIGNS))


def invitation_code(pk: int) -> str:
    """Return the short code of an invitation that is open, or '' when it is spent; it is stored nowhere.

    The code opens the invitation together with the phone number.
    """
    row = _open_invitation(pk)
    return _short_code(row) if row else ""


def invitation_link(pk: int) -> str:
    """Return the full URL of an open invitation, or '' when it is spent.

    It is derived again by key and stored nowhere.
    """
    row = _open_invitation(pk)
    return absolute(reverse("members:sign-in-invitation", args=[_token(row.pk, row.salt)])) if row else ""


@transaction.atomic
def invitation_send(*, actor: Member | None, member: Member, reason: str = "") -> Invitation:
    """Send ``member`` a link to choose login name and password, or a new password.

    An older link becomes void.
    """
    row = _invitation_make(actor, locks.hold(member))
    message_post(kind="members.invitation", to=row.member, about=row, channels=(Channel.SMS,))
    audit_record(actor=actor, action="member.invite", about=row.member, note=reason, data={"invitation": row.pk})
    return row


@transaction.atomic
def invitation_hand(*, actor: Member | None, member: Member, reason: str = "") -> str:
    """Create a link to be handed over instead of sent, and return its URL; an older link becomes void.

    The URL is shown this once. It opens a first access only, never that of a member who has signed in, and proves
    nothing about who holds the phone: the account stays provisional until two members of staff confirm the person, and
    the one who handed over the link does not count. On a page (with ``actor``) this is possible only while no provider
    is set up; ``actor`` None is the command on the server.
    """
    held = locks.hold(member)
    if actor is not None and sms_is_set_up():
        raise DomainError(_("Text messages can be sent now: send the link to the person's phone."), code="sms")
    if actor is not None and held.is_proven:
        # The member was confirmed at the set-up or by the last resort, so anybody who sees the link would have all
        # rights of the account.
        raise DomainError(
            _(
                "This person is already confirmed. Such a link can only be printed on the server: "
                "manage.py invitation_link."
            ),
            code="proven",
        )
    if held.last_login is not None:
        raise DomainError(
            _("This person has signed in before. A link that is handed over in person can only open a first access."),
            code="signed-in",
        )
    row = _invitation_make(actor, held)
    row.handed_at, row.handed_by = timezone.now(), actor
    row.save(update_fields=["handed_at", "handed_by"])
    account_tell(member=held, kind="members.invitation_handed")
    audit_record(actor=actor, action="member.hand-link", about=held, note=reason, data={"invitation": row.pk})
    return invitation_link(row.pk)


def _invitation_make(actor: Member | None, held: Member) -> Invitation:
    if not open_duties(held):
        raise DomainError(
            _("This person holds no duty: they sign in with their mobile number and need no password."), code="no-duty"
        )
    if not held.phone:
        raise DomainError(
            _("No mobile number is stored for this person. Add it first: the link is sent to that number."),
            code="no-phone",
        )
    phone_refuse_taken(held.phone, but=held)
    if actor is not None:
        staff_step_count(actor=actor, member=held)
    now = timezone.now()
    Invitation.objects.filter(member=held, used_at=None).update(used_at=now)
    (pk,) = reserve_pks(Invitation)
    salt = secrets.token_hex(16)
    return Invitation.objects.create(
        pk=pk,
        member=held,
        purpose=InvitationPurpose.PASSWORD if held.has_usable_password() else InvitationPurpose.ACCOUNT,
        salt=salt,
        phone_index=held.phone_index,
        token_hash=_hash(_token(pk, salt)),
        created_by=actor,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )


def invitation_find(token: str) -> Invitation:
    """Return the open invitation of a link, with its member.

    DomainError when the link is spent, expired or unknown.
    """
    row = Invitation.objects.filter(token_hash=_hash(token[:100])).select_related("member").first()
    if row is None or _is_spent(row):
        raise DomainError(SPENT, code="spent")
    return row


def invitation_by_code(*, phone: str, code: str, address: str) -> str:
    """Return the token of the open invitation that went to ``phone`` with this short code.

    The DomainError is the same for wrong codes and unknown numbers. Tries are counted per invited member, so that
    another number or another invitation starts no new count: ten a day from one network, a hundred from all networks,
    so that somebody else who knows the number does not use up the tries of its owner.
    """
    network = limits.network_of(address)
    limits.consume("invitation.open", network, limit=60, seconds=HOUR)
    index = phone_index_of(phone)
    rows = Invitation.objects.filter(phone_index=index, used_at=None, expires_at__gt=timezone.now())
    invited = list(rows.select_related("member").order_by("pk")[:20])
    # Tries for a number without an invitation are counted as well, so that nobody can find out whether there is one.
    for person in [str(row.member_id) for row in invited] or [index]:
        limits.take(
            limits.Limit("invitation.code.here", f"{person}.{network}", CODE_TRIES, 24 * HOUR),
            limits.Limit("invitation.code", person, CODE_TRIES * 10, 24 * HOUR),
        )
    for row in invited:
        right = hmac.compare_digest(_short_code(row).encode(), clean_code(code).encode())
        if right and not _is_spent(row):
            return _token(row.pk, row.salt)
    raise DomainError(_("The number or code is wrong. Check the message, or ask for a new one."), code="wrong-code")


def _is_spent(row: Invitation) -> bool:
    """Return whether an invitation opens nothing any more.

    It was used, has expired, or what it was made for is gone: the phone it went to, the account, or the last duty.
    """
    late = row.used_at is not None or row.expires_at <= timezone.now()
    moved = row.phone_index != row.member.phone_index
    return late or moved or not row.member.is_active or not open_duties(row.member)


def invitation_accept(*, invitation: Invitation, login_name: str, password: str, name: str) -> Member:
    """Save login name and password of an invited member; the link is spent.

    An existing login name is kept. The link shows that somebody holds the phone that staff wrote down; ``name`` keeps
    out a stranger with a mistyped number and proves nothing. Rights are active once the person is confirmed, which the
    operator is asked to do at once. Tries are counted per member, so another invitation starts no new count. Only this
    form reveals whether a login name is taken.
    """
    limits.take(limits.Limit("invitation", str(invitation.member_id), 10, HOUR))
    with transaction.atomic():
        row = locks.hold(invitation)
        if _is_spent(row):
            raise DomainError(SPENT, code="spent")
        held = locks.hold(row.member)
        if not names(held, name):
            raise DomainError(NO_NAME, code="no-name")
        if row.purpose == InvitationPurpose.PASSWORD:
            held.save(update_fields=password_write(held, password))
            audit_record(actor=held, action="member.password", about=held, fields=["password"])
        else:
            wanted = clean_line(login_name)
            if Member.objects.filter(login_key=login_key_of_name(wanted)).exclude(pk=held.pk).exists():
                raise DomainError(_("This login name is already in use. Please choose another."), code="taken")
            held = account_write(held, held, wanted, password)
        row.used_at = timezone.now()
        row.save(update_fields=["used_at"])
        if row.handed_at is None:
            held.phone_confirmed_at = row.used_at
            held.save(update_fields=["phone_confirmed_at"])
        account_tell(member=held, kind="members.password_set")
    return person_check(held)
