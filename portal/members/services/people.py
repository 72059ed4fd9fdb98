"""Services that write roster entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import crypto, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.text import pinyin_key
from portal.members.backends import login_key_of_phone
from portal.members.choices import IdentityKind
from portal.members.identity import read_identity, read_phone
from portal.members.models import Member
from portal.members.services.following import people_changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from portal.organizations.models import Organization

TAKEN = _("This mobile number is registered in another entry. Enter the person's own number.")
KNOWN = _("This person is already registered, perhaps in another unit. Request a transfer instead.")


def identity_index_of(kind: str, number: str) -> str:
    """Return the blind index of a document number."""
    return crypto.blind_index(f"identity.{kind}", number)


def phone_index_of(phone: str) -> str:
    """Return the blind index of a mobile number (eleven digits)."""
    return crypto.blind_index("phone", phone)


def phones_taken(phones: Iterable[str], *, but: Member | None = None) -> set[str]:
    """Return the blind indexes of those of ``phones`` that another person's entry or account uses."""
    indexes = {phone_index_of(phone): login_key_of_phone(phone) for phone in phones}
    others = Member.objects.exclude(pk=but.pk) if but is not None else Member.objects.all()
    taken = set(others.filter(phone_index__in=indexes).values_list("phone_index", flat=True))
    keys = set(others.filter(login_key__in=indexes.values()).values_list("login_key", flat=True))
    return taken | {index for index, key in indexes.items() if key in keys}


def phones_hold(phones: Iterable[str]) -> None:
    """Wait until this transaction is the only one that writes numbers like ``phones``.

    Every caller takes this lock after locking or inserting its rows, so that no deadlock arises. After that,
    ``phones_taken`` sees what another transaction has just written. A long list takes a few hundred locks at most.
    """
    for turn in sorted({phone_index_of(phone)[:2] for phone in phones}):
        locks.wait_turn(f"members.phones.{turn}")


def phone_refuse_taken(phone: str, *, but: Member | None = None) -> None:
    """Refuse a number that another entry or account uses; two writers of one number take turns.

    It runs in the transaction that writes the number. One person, one number, at every entry point.
    """
    phones_hold([phone])
    if phones_taken([phone], but=but):
        raise DomainError(TAKEN, code="phone-taken")


def members_build(*, rows: Sequence[Mapping[str, Any]]) -> list[Member]:
    """Return unsaved members with pk, indexes and pinyin.

    ``rows`` are dicts of organization, name, sex, identity_kind, identity_number, birth_date (date or None), phone
    (eleven digits or ''), marital_status, entered_by (a member or None); all of them are read and checked already.
    """
    members = []
    for pk, row in zip(reserve_pks(Member, len(rows)), rows, strict=True):
        born, number, phone = row.get("birth_date"), row.get("identity_number") or None, row.get("phone") or None
        kind = row.get("identity_kind") or IdentityKind.NONE
        member = Member(
            pk=pk,
            organization=row["organization"],
            name=row["name"],
            pinyin=pinyin_key(row["name"]),
            sex=row["sex"],
            birth_year=born.year if born else None,
            birth_date=born.isoformat() if born else None,
            identity_kind=kind,
            identity_number=number,
            identity_index=identity_index_of(kind, number) if number else None,
            phone=phone,
            phone_index=phone_index_of(phone) if phone else "",
            entered_by=row.get("entered_by"),
        )
        if row.get("marital_status"):
            member.marital_status = row["marital_status"]
        member.set_unusable_password()
        members.append(member)
    return members


@transaction.atomic
def member_create(
    *,
    actor: Member | None,
    organization: Organization,
    name: str,
    sex: str,
    identity_kind: str = IdentityKind.NONE,
    identity_number: str = "",
    phone: str = "",
    **rest: object,
) -> Member:
    """Create one member on the roster of ``organization``; document and phone are read and checked here."""
    row = {"organization": organization, "name": name, "sex": sex, "identity_kind": identity_kind, **rest}
    demo = settings.ALLOW_DEMO_PEOPLE
    if identity_kind == IdentityKind.RESIDENT:
        identity = read_identity(identity_number, today=timezone.localdate(), demo=demo)
        row |= {"identity_number": identity.number, "birth_date": identity.birth_date}
        if identity.sex != sex:
            raise DomainError(
                _("The sex does not match the identity number. Compare both with the identity document."), code="sex"
            )
    elif identity_number:
        row["identity_number"] = identity_number
    if phone:
        row["phone"] = read_phone(phone, demo=demo)
    (member,) = members_build(rows=[{**row, "entered_by": actor}])
    if member.identity_index and Member.objects.filter(identity_index=member.identity_index).exists():
        raise DomainError(KNOWN, code="known")
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        # Somebody else has created the same person since the check above.
        raise DomainError(KNOWN, code="known") from None
    if member.phone:
        phone_refuse_taken(member.phone, but=member)
    audit_record(actor=actor, action="member.create", about=member, fields=[key for key, value in row.items() if value])
    return member


@transaction.atomic
def member_update(*, actor: Member, member: Member, version: int, **fields: object) -> Member:
    """Change a roster entry, except for the phone, which only ``services.phones`` changes."""
    held = locks.hold_without_key(member)
    if held.erased_at:
        raise DomainError(_("This person's data has been erased."), code="erased")
    locks.check_version(held, version)
    touched = []
    for name, value in fields.items():
        if getattr(held, name) != value:
            setattr(held, name, value)
            touched.append(name)
    held.pinyin = pinyin_key(held.name)
    held.version += 1
    held.save(update_fields=[*touched, "pinyin", "version"])
    if touched:
        audit_record(actor=actor, action="member.update", about=held, fields=touched)
        people_changed(members=[held])
    return held
