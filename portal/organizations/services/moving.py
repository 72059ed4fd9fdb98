"""Services to move, merge and reopen organisations.

Paths and lines of a whole subtree change in one transaction.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.discovery import declared
from portal.core.errors import Conflict, DomainError
from portal.core.text import pinyin_key
from portal.messaging.services.touching import EVERYTHING, touch
from portal.organizations.models import Organization, OrganizationLine
from portal.organizations.services.organizations import check_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.members.models import Member

ONE_DAY = datetime.timedelta(days=1)
CLASHES_NAMED = 20
LOCK_NOT_AVAILABLE = "55P03"


def _hold_tree(*organizations: Organization) -> list[Organization]:
    """Lock the root and every organisation above or below ``organizations``; return these, read again.

    The locks are taken from the root down. The lock of the root lets one change of the tree through at a time. An
    import or the creation of an organisation locks an organisation above the rows it writes, and is waited for. Raises
    Conflict when a lock is not free in time.
    """
    try:
        return _locked(organizations)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Conflict(
            _("Somebody else is changing organisations here. Please try again in a moment."), code="busy"
        ) from None


def _locked(organizations: Sequence[Organization]) -> list[Organization]:
    root = Organization.objects.filter(parent=None).first()
    if root is not None:
        locks.hold(root)
    fresh = Organization.objects.in_bulk([row.pk for row in organizations])
    if len(fresh) < len({row.pk for row in organizations}):
        raise DomainError(locks.GONE, code="gone")
    above = {pk for row in fresh.values() for pk in row.ancestor_ids}
    whole = Q(pk__in=above)
    for row in fresh.values():
        whole |= Q(path__startswith=row.path)
    # By path and not by pk: a transaction that locks one organisation and writes below it takes its locks in the same
    # order.
    held = Organization.objects.filter(whole).order_by("path").select_for_update(of=("self",)).values_list("pk")
    len(held)
    return [fresh[row.pk] for row in organizations]


def _check_day(on: datetime.date, parent: Organization) -> None:
    if on > timezone.localdate():
        raise DomainError(_("Choose today or a day in the past."), code="future")
    covering = parent.lines.filter(valid_from__lte=on).filter(Q(valid_until=None) | Q(valid_until__gt=on)).first()
    if covering is None:
        raise DomainError(_("The parent organisation did not exist on that day."), code="parent-not-there")
    if covering.path != parent.path:
        raise DomainError(
            _("The parent organisation was itself moved after that day: choose a later day."), code="parent-moved"
        )


def _replant(held: Organization, parent: Organization, on: datetime.date) -> int:
    """Move ``held`` with all below it under ``parent`` from day ``on``; return how many were moved.

    The caller takes the locks and makes the checks, except one: a move or reopening inside after that day is refused
    here.
    """
    old, new = held.path, f"{parent.path}{held.pk}/"
    inside = Organization.objects.filter(path__startswith=old)
    ids = list(inside.values_list("pk", flat=True))
    later = OrganizationLine.objects.filter(organization__in=ids).filter(Q(valid_until=None) | Q(valid_until__gt=on))
    own = OrganizationLine.objects.filter(organization=OuterRef("organization"))
    earlier = own.filter(valid_from__lt=OuterRef("valid_from"))
    if later.filter(Exists(earlier), valid_from__gt=on).exists():
        raise DomainError(
            _("This organisation or one below it was moved or reopened after that day: choose a later day."),
            code="moved-later",
        )
    held.parent = parent
    held.version += 1
    held.save(update_fields=["parent", "name", "pinyin", "version"])
    inside.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    paths = dict(Organization.objects.filter(pk__in=ids).values_list("pk", "path"))
    cut = list(later.filter(valid_from__lt=on))
    today = Organization.objects.filter(pk=OuterRef("organization")).values("path")[:1]
    later.filter(valid_from__gte=on).update(path=Subquery(today))
    OrganizationLine.objects.filter(pk__in=[line.pk for line in cut]).update(valid_until=on)
    OrganizationLine.objects.bulk_create(
        [
            OrganizationLine(
                organization_id=line.organization_id,
                path=paths[line.organization_id],
                valid_from=on,
                valid_until=line.valid_until,
            )
            for line in cut
        ],
        batch_size=2000,
    )
    held.path = new
    touch(EVERYTHING, held.pk, on, path=old)
    return len(ids)


def _refuse_name(parent: Organization, name: str, but: int) -> None:
    if parent.children.filter(closed_on=None, name=name).exclude(pk=but).exists():
        raise DomainError(
            _("There is already an open organisation with this name there. Enter another name, or merge the two."),
            code="name-clash",
        )


@transaction.atomic
def organization_move(
    *,
    actor: Member,
    organization: Organization,
    new_parent: Organization,
    on: datetime.date | None = None,
    name: str = "",
) -> Organization:
    """Move an organisation with all below it under ``new_parent`` from day ``on`` (default: today).

    ``name`` is a new name, for the case that the old one is taken there. The lines before that day are kept.
    Refused: a parent inside the subtree, of a level that is not higher, or closed; a name that an open
    organisation there has; a day before another move inside the subtree. Raises Conflict when somebody else
    moved the organisation after it was loaded.
    """
    on = on or timezone.localdate()
    held, parent = _hold_tree(organization, new_parent)
    if held.parent_id != organization.parent_id:
        raise Conflict(_("Somebody else has moved this organisation in the meantime."), code="moved-on")
    if held.parent_id is None:
        raise DomainError(_("The provincial federation cannot be moved."), code="root")
    if held.closed_on:
        raise DomainError(_("This organisation has been closed."), code="closed")
    if parent.path.startswith(held.path):
        raise DomainError(_("An organisation cannot be its own parent organisation."), code="cycle")
    if parent.pk == held.parent_id:
        raise DomainError(_("It already belongs to this parent organisation."), code="same-place")
    check_place(held.kind, parent)
    _check_day(on, parent)
    held.name = name or held.name
    held.pinyin = pinyin_key(held.name)
    _refuse_name(parent, held.name, held.pk)
    before = held.parent_id
    count = _replant(held, parent, on)
    audit_record(
        actor=actor,
        action="organization.move",
        about=held,
        fields=["parent", *(["name"] if name else [])],
        data={"from": before, "to": parent.pk, "organizations": count, "on": on.isoformat()},
    )
    return held


def name_clashes(source: Organization, target: Organization) -> list[str]:
    """Return the names that open children of both organisations have."""
    names = target.children.filter(closed_on=None).exclude(pk=source.pk).values("name")
    found = source.children.filter(closed_on=None, name__in=names).exclude(pk=target.pk)
    return list(found.order_by("pinyin", "pk").values_list("name", flat=True)[:CLASHES_NAMED])


@transaction.atomic
def organization_merge(
    *, actor: Member, source: Organization, target: Organization, on: datetime.date | None = None
) -> Organization:
    """Merge ``source`` into ``target`` from day ``on`` (default: today): ``source`` closes.

    Children and people move to ``target``. Both must be open and of one level; names that both have below them must be
    changed first. What else belongs to the source (events, counts, its committees) stays on record there. Other
    packages declare in ``merging.py`` what happens to their rows.
    """
    on = on or timezone.localdate()
    held, into = _hold_tree(source, target)
    if held.pk == into.pk:
        raise DomainError(_("Choose two different organisations."), code="same")
    if held.closed_on or into.closed_on:
        raise DomainError(_("Both organisations must be open."), code="closed")
    if held.parent_id is None or held.level != into.level:
        raise DomainError(_("Only organisations of the same level can be merged."), code="level")
    if into.path.startswith(held.path):
        raise DomainError(
            _("This organisation is below the one that would be closed. Move it to another parent first."), code="below"
        )
    clashes = name_clashes(held, into)
    if clashes:
        raise DomainError(
            _("Both have organisations with the same name below them; rename or merge these first: %(names)s")
            % {"names": " · ".join(clashes)},
            code="name-clash",
        )
    _check_day(on, into)
    children = list(held.children.filter(closed_on=None).order_by("path"))
    moved = sum(_replant(child, into, on) for child in children)
    counts: dict[str, int] = {}
    for module in declared("merging"):
        counts |= module.absorb(actor=actor, source=held, target=into, on=on)
    for committee in held.committees.filter(ended_on=None):
        committee.ended_on = max(on, committee.term_from)
        committee.save(update_fields=["ended_on"])
        touch("organizations.womencommittee", held.pk, committee.term_from)
    _shut(held, on)
    audit_record(
        actor=actor,
        action="organization.merge",
        about=held,
        fields=["closed_on"],
        data={"into": into.pk, "organizations": moved, "on": on.isoformat(), **counts},
    )
    audit_record(actor=actor, action="organization.take-in", about=into, data={"source": held.pk, **counts})
    return into


def _shut(held: Organization, on: datetime.date) -> None:
    if held.lines.filter(valid_from__gt=on).exists():
        raise DomainError(
            _("This organisation or one below it was moved or reopened after that day: choose a later day."),
            code="moved-later",
        )
    held.closed_on = on
    held.version += 1
    held.full_clean(exclude=["region", "employer"])
    held.save(update_fields=["closed_on", "version"])
    held.lines.filter(valid_until=None).update(valid_until=on + ONE_DAY)
    touch(EVERYTHING, held.pk, on, path=held.path)


@transaction.atomic
def organization_reopen(*, actor: Member, organization: Organization, on: datetime.date | None = None) -> Organization:
    """Reopen a closed organisation from day ``on`` (default: today).

    The time in between remains a gap in its lines.
    """
    on = on or timezone.localdate()
    held = _hold_tree(organization)[0]
    if not held.closed_on:
        raise DomainError(_("This organisation is open."), code="open")
    if on > timezone.localdate():
        raise DomainError(_("Choose today or a day in the past."), code="future")
    if on <= held.closed_on:
        raise DomainError(_("The day of reopening must be later than the day of closing."), code="before-closing")
    if held.parent is not None:
        check_place(held.kind, held.parent)
        _check_day(on, held.parent)
        _refuse_name(held.parent, held.name, held.pk)
    was = held.closed_on
    held.closed_on = None
    held.version += 1
    held.full_clean(exclude=["region", "employer"])
    held.save(update_fields=["closed_on", "version"])
    OrganizationLine.objects.create(organization=held, path=held.path, valid_from=on)
    touch(EVERYTHING, held.pk, on)
    audit_record(
        actor=actor,
        action="organization.reopen",
        about=held,
        fields=["closed_on"],
        data={"closed": was.isoformat(), "on": on.isoformat()},
    )
    return held
