"""Children of members: entered, changed and removed by a guardian, and kept while consent is valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.discovery import declared
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.members.consents import CHILD, CHILD_CARE, Purpose
from portal.members.identity import age_on
from portal.members.models import Child, Consent, Member
from portal.members.services.consents import GROWN_UP_FROM, check_grown_up, consent_give, consent_withdraw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


CHILDREN_AT_MOST = 10


def check_born(born_on: date, entered_on: date) -> None:
    """Refuse a birth date after the day of entry, and one that makes the child 18 or older on that day."""
    if born_on > entered_on:
        raise DomainError(_("This birth date is in the future."), code="born")
    if age_on(born_on, entered_on) >= GROWN_UP_FROM:
        raise DomainError(_("Only children under 18 can be entered."), code="age")


def held_child(child: Child) -> Child:
    """Lock the guardian, then the child, and return the child as it is now.

    Messages to the guardian can be written meanwhile.
    """
    locks.hold_without_key(child.guardian)
    return locks.hold(child)


@transaction.atomic
def child_add(*, guardian: Member, name: str, sex: str, born_on: date, relation: str) -> Child:
    """Enter a child of ``guardian``, who consents to "members.child" by doing so."""
    held, today = locks.hold(guardian), timezone.localdate()
    if held.erased_at:
        raise DomainError(_("This person's data has been erased."), code="erased")
    check_grown_up(held)
    check_born(born_on, today)
    entered = list(Child.objects.visible_to(held))
    if any((row.name, row.born_on) == (name, born_on) for row in entered):
        raise DomainError(_("You have already entered this child."), code="known")
    if len(entered) >= CHILDREN_AT_MOST:
        raise DomainError(_("You have entered ten children; you cannot enter more."), code="many")
    (pk,) = reserve_pks(Child)
    child = Child.objects.create(
        pk=pk, guardian=held, name=name, sex=sex, born_on=born_on, relation=relation, entered_on=today
    )
    audit_record(actor=held, action="child.create", about=child, fields=["name", "sex", "born_on", "relation"])
    consent_give(member=held, purpose=CHILD, about_id=child.pk)
    return child


@transaction.atomic
def child_change(*, actor: Member, child: Child, version: int, **fields: Any) -> Child:
    """Change the name, sex, birth date or relation of a child; an area may refuse it (``children.change``)."""
    held = held_child(child)
    locks.check_version(held, version)
    if "born_on" in fields:
        check_born(fields["born_on"], held.entered_on)
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for module in declared("children"):
        module.change(child=held, fields=touched)
    _write(held, actor, {name: fields[name] for name in touched})
    return held


@transaction.atomic
def child_care_change(*, actor: Member, child: Child, version: int, care_notes: str, agree: bool = False) -> Child:
    """Save what carers must know.

    ``agree`` first gives the consent "members.child_health"; without this consent nothing is saved.
    """
    held = held_child(child)
    locks.check_version(held, version)
    if agree:
        consent_give(member=held.guardian, purpose=CHILD_CARE, about_id=held.pk)
    if not Consent.objects.about_child(held, CHILD_CARE).exists():
        raise DomainError(_("Please agree first: without your consent nothing is saved here."), code="not-agreed")
    if (held.care_notes or "") != care_notes:
        _write(held, actor, {"care_notes": care_notes or None})
    return held


@transaction.atomic
def child_remove(*, actor: Member, child: Child) -> None:
    """Delete a child for good; the guardian's consents for the child end with it.

    First the areas withdraw the child from whatever it takes part in (``children.leave``).
    """
    held = held_child(child)
    for module in declared("children"):
        module.leave(child=held, actor=actor)
    for purpose in (CHILD, CHILD_CARE):
        consent_withdraw(member=held.guardian, purpose=purpose, about_id=held.pk)
    audit_record(actor=actor, action="child.remove", about=held)
    held.delete()


@transaction.atomic
def child_consent_withdraw(*, actor: Member, child: Child, purpose: Purpose) -> None:
    """Withdraw a consent: "members.child" deletes the child, "members.child_health" the notes for carers.

    The version is raised, so that a page opened before cannot save old data.
    """
    if purpose.code == CHILD.code:
        child_remove(actor=actor, child=child)
        return
    held = held_child(child)
    consent_withdraw(member=held.guardian, purpose=CHILD_CARE, about_id=held.pk)
    _write(held, actor, {"care_notes": None} if held.care_notes else {})


def _write(held: Child, actor: Member, fields: Mapping[str, object]) -> None:
    for name, value in fields.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*fields, "version"])
    if fields:
        audit_record(actor=actor, action="child.update", about=held, fields=list(fields))
