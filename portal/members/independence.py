"""Who had a part in creating whose account, and therefore cannot be whose second person.

The makers of a member are those who entered the member on a roster, vouched for them, wrote down their phone or handed
them the link to their access.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.members.models import Member

# Each person enters the next: a chain of makers is followed for at most this many links.
LEVELS = 12
# Audit actions that only read a phone.
READS = ("member.reveal",)
# States of phone changes that never took effect.
VOID = ("stopped", "withdrawn", "void")


def account_age_limit() -> datetime:
    """Return the moment after which an account or a change counts as recent."""
    return timezone.now() - timedelta(days=settings.ACCOUNT_AGE_DAYS)


def is_young(member: Member) -> bool:
    """Return whether the account of ``member`` was opened in the last ACCOUNT_AGE_DAYS, or not at all."""
    return member.activated_at is None or member.activated_at > account_age_limit()


def has_hand_in(actor_pk: int, member_pk: int) -> bool:
    """Return whether ``actor_pk`` made the account of ``member_pk``, directly or through other makers.

    Entering and vouching count at any time, a change of phone for ACCOUNT_AGE_DAYS. It takes one query for each link of
    the chain.
    """
    known: set[int] = set()
    wanted = {member_pk}
    for _level in range(LEVELS):
        known |= wanted
        wanted = {maker for _member, maker, _by_hand in _edges(wanted, lately=False)} - known
        if actor_pk in wanted:
            return True
        if not wanted:
            break
    return False


def phone_writers(member_pk: int, *, since: datetime) -> set[int]:
    """Return the pks of others who proposed or wrote a phone of ``member_pk`` after ``since``."""
    parts = _phones({member_pk}, since)
    return {writer for rows, _member, writer in parts for writer in rows.values_list(writer, flat=True)} - {member_pk}


def _phones(pks: Iterable[int], since: datetime) -> tuple[tuple[QuerySet[Any], str, str], ...]:
    """Return (rows, name of the member, name of the writer) for phone changes by staff after ``since``.

    The names are those of the columns that hold the two pks.
    """
    changes = (
        apps.get_model("members", "PhoneChange")
        .objects.filter(Q(proposed_at__gte=since) | Q(settled_at__gte=since), member__in=pks, proposed_by__isnull=False)
        .exclude(state__in=VOID)
    )
    written = (
        apps.get_model("audit", "AuditEntry")
        .objects.filter(
            about_model="members.member",
            about_id__in=pks,
            actor__isnull=False,
            at__gte=since,
            fields__contains="phone",
        )
        .exclude(action__in=READS)
        .exclude(actor=F("about_id"))
    )
    return (changes, "member", "proposed_by"), (written, "about_id", "actor")


def _edges(pks: Iterable[int], *, lately: bool) -> Iterable[tuple[int, int, bool]]:
    """Return (member, maker, by hand) for the makers of ``pks``, in one query.

    "By hand" means that the phone was written for this one member, not in a list of many. With ``lately``, entering and
    vouching count only while the account is young.
    """
    since = account_age_limit()
    members = apps.get_model("members", "Member").objects.filter(pk__in=pks, entered_by__isnull=False)
    # phone_index is kept where somebody asked with a phone number; a vouching that only renews the standing opens no
    # account.
    vouched = (
        apps.get_model("members", "Vouching")
        .objects.filter(member__in=pks, decided_by__isnull=False, state__in=("vouched", "expired"))
        .exclude(phone_index="")
    )
    handed = apps.get_model("members", "Invitation").objects.filter(member__in=pks, handed_by__isnull=False)
    if lately:
        members = members.filter(_young(""))
        vouched = vouched.filter(_young("member__"))
    parts = (
        (members, "pk", "entered_by", False),
        (vouched, "member", "decided_by", True),
        (handed, "member", "handed_by", True),
        *((*phones, True) for phones in _phones(pks, since)),
    )
    first, *rest = (
        rows.order_by().annotate(by_hand=Value(by_hand)).values_list(member, maker, "by_hand")
        for rows, member, maker, by_hand in parts
    )
    found: Iterable[tuple[int, int, bool]] = first.union(*rest)
    return found


def _young(lookup: str) -> Q:
    since = account_age_limit()
    return (
        Q(**{f"{lookup}activated_at": None})
        | Q(**{f"{lookup}activated_at__gt": since})
        | Q(**{f"{lookup}created_at__gt": since})
    )


def _appointed(pks: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs (appointer, member) of duties given among ``pks`` in the last ACCOUNT_AGE_DAYS."""
    given = apps.get_model("members", "Duty").objects.filter(
        member__in=pks, given_by__in=pks, created_at__gte=account_age_limit()
    )
    return set(given.order_by().values_list("given_by", "member"))


def bound_pairs(firsts: Iterable[int], seconds: Iterable[int], *, both_ways: bool = False) -> set[tuple[int, int]]:
    """Return the pairs (first, second) of pks where ``second`` cannot approve a proposal of ``first``.

    The two are one person, or ``first`` made the account of ``second`` or appointed ``second`` in the last
    ACCOUNT_AGE_DAYS. Example: a chair entered and appointed a cadre last week. The chair may approve what the cadre
    proposes, but the cadre may not approve what the chair proposes.

    ``both_ways`` is for duties: there, a maker does not approve a proposal of the account they made either, and two
    accounts whose phones were written by the same person do not approve each other's proposals.
    """
    firsts, seconds = set(firsts), set(seconds)
    everybody = firsts | seconds
    makers: dict[int, set[int]] = {}
    writers: dict[int, set[int]] = {}
    for member, maker, by_hand in _edges(everybody, lately=True):
        makers.setdefault(member, set()).add(maker)
        if by_hand:
            writers.setdefault(member, set()).add(maker)
    appointed = _appointed(everybody)

    def bound(first: int, second: int) -> bool:
        made = first == second or first in makers.get(second, ()) or (first, second) in appointed
        if made or not both_ways:
            return made
        return second in makers.get(first, ()) or bool(writers.get(first, set()) & writers.get(second, set()))

    return {(first, second) for first in firsts for second in seconds if bound(first, second)}


def are_bound(one: int, other: int) -> bool:
    """Return whether two people, by pk, cannot count as two independent persons for the same thing."""
    return bool(bound_pairs({one}, {other}, both_ways=True) or bound_pairs({other}, {one}))
