"""Who had a hand in whose account, and so who cannot be whose second person.

``makers`` of a person are those who put them on a roster, vouched for them or changed their phone, and the makers of
those: an account that was opened through another account is in the hands of who opened that one.
"""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

# One person enters the next: longer chains than this end at the first ones.
LEVELS = 12
# Entries that only read a phone.
READS = ("member.reveal",)
# Changes of phone that never took effect.
VOID = ("stopped", "withdrawn", "void")


def account_age_limit():
    """Return the moment since when an account or a change counts as recent."""
    return timezone.now() - timedelta(days=settings.ACCOUNT_AGE_DAYS)


def is_young(member):
    """Say whether the account of ``member`` was opened in the last ACCOUNT_AGE_DAYS, or not at all."""
    return member.activated_at is None or member.activated_at > account_age_limit()


def makers_of(pks, *, lately):
    """Return for each of ``pks`` the set of its makers, in a few queries for all of them.

    ``lately`` counts entering and vouching only while the account is young; else at any time. A change of phone
    counts for ACCOUNT_AGE_DAYS in both.
    """
    known, edges, wanted = set(), {}, set(pks)
    for _level in range(LEVELS):
        if not wanted:
            break
        known |= wanted
        for member, maker in _edges(wanted, lately):
            if member != maker:
                edges.setdefault(member, set()).add(maker)
        wanted = {maker for makers in edges.values() for maker in makers} - known
    return {pk: _reached(pk, edges) for pk in pks}


def _edges(pks, lately):
    """Yield (member, maker) one step up from ``pks``; one query."""
    since = account_age_limit()
    members = apps.get_model("members", "Member").objects.filter(pk__in=pks, entered_by__isnull=False)
    # phone_index is kept where somebody asked with a number: a word that is merely prolonged opens no account.
    vouched = (
        apps.get_model("members", "Vouching")
        .objects.filter(member__in=pks, decided_by__isnull=False, state__in=("vouched", "expired"))
        .exclude(phone_index="")
    )
    changes = apps.get_model("members", "PhoneChange").objects.filter(
        Q(proposed_at__gte=since) | Q(settled_at__gte=since), member__in=pks, proposed_by__isnull=False
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
    if lately:
        members = members.filter(_young(""))
        vouched = vouched.filter(_young("member__"))
    parts = (
        members.values_list("pk", "entered_by"),
        vouched.values_list("member", "decided_by"),
        changes.exclude(state__in=VOID).values_list("member", "proposed_by"),
        written.values_list("about_id", "actor"),
    )
    first, *rest = (part.order_by() for part in parts)
    return first.union(*rest)


def _young(lookup):
    since = account_age_limit()
    return (
        Q(**{f"{lookup}activated_at": None})
        | Q(**{f"{lookup}activated_at__gt": since})
        | Q(**{f"{lookup}created_at__gt": since})
    )


def _reached(pk, edges):
    found, wanted = set(), [pk]
    while wanted:
        for maker in edges.get(wanted.pop(), ()):
            if maker not in found:
                found.add(maker)
                wanted.append(maker)
    return found - {pk}


def _appointed(pks):
    """Return the pairs (appointer, person) of duties given among ``pks`` in the last ACCOUNT_AGE_DAYS."""
    given = apps.get_model("members", "Duty").objects.filter(
        member__in=pks, given_by__in=pks, created_at__gte=account_age_limit()
    )
    return set(given.order_by().values_list("given_by", "member"))


def bound_pairs(firsts, seconds):
    """Return the pairs (first, second) of pks in which ``second`` cannot approve what ``first`` proposed.

    They are one person; one of them made the account of the other, or a third made both; or ``first`` appointed
    ``second`` in the last ACCOUNT_AGE_DAYS. The other way round an appointment does not bind: a chair approves what the
    cadre writes whom she appointed last week.
    """
    firsts, seconds = set(firsts), set(seconds)
    everybody = firsts | seconds
    makers = makers_of(everybody, lately=True)
    hands = {pk: makers[pk] | {pk} for pk in everybody}
    appointed = _appointed(everybody)
    return {
        (first, second)
        for first in firsts
        for second in seconds
        if hands[first] & hands[second] or (first, second) in appointed
    }


def are_bound(one, other):
    """Say whether two people, by pk, cannot stand for each other in either order."""
    return bool(bound_pairs({one}, {other}) or bound_pairs({other}, {one}))
