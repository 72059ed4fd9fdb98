"""Reads over people and duties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.audit.selectors import told
from portal.core.choices import Area, Capability
from portal.core.querysets import within
from portal.core.roles import ADMINISTRATORS, Role, roles_with
from portal.core.second_person import proposers
from portal.members.independence import account_age_limit, are_bound, bound_pairs, has_hand_in, is_young
from portal.members.models import Appointment, Duty, Member
from portal.members.rules import administers, may_second
from portal.messaging.selectors import own_items
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.functional import Promise

    from portal.web.todo import Todo

SHOWN = 100
HISTORY_WORDS = {
    "activate": _("Account opened"),
    "confirm": _("Confirmed"),
    "give": _("Duty given"),
    "end": _("Duty ended"),
    "remove": _("E-mail address removed"),
    "reveal": _("Somebody looked at masked data"),
    "set": _("E-mail address added"),
}
# Whose duties count: an active account whose person is confirmed.
WORKING = {"member__is_active": True, "member__proven_at__isnull": False}


class _OnLine(Func):
    """Whether an organisation's id is on a line: the path of ids from the root down."""

    template = "%(expressions)s, '/'), '/')::bigint[])"
    arg_joiner = " = ANY(string_to_array(btrim("
    output_field = BooleanField()


def nobody_nearer(
    actor: Member,
    area: Area,
    capability: Capability,
    *,
    organization: str = "organization",
    but: Iterable[str] = (),
    late: Q | None = None,
) -> Q:
    """Return the condition that a row waits for ``actor``: for nobody nearer to it, or for too long.

    It holds where she has ``capability`` over the row's organisation and no other active person holds it between there
    and the place of her duty. ``organization`` leads from the row to its organisation; ``but`` names the columns of
    members who may not decide the row, such as who proposed it, nor may whom they entered or appointed lately. What is
    ``late`` (a condition) waits for all above too.
    """
    line = OuterRef(f"{organization}__path")
    others = Duty.objects.current().filter(
        _OnLine(F("organization_id"), line), role__in=roles_with(area, capability), **WORKING
    )
    others = others.exclude(member=actor)
    ours = Q()
    for name in but:
        others = others.exclude(member=OuterRef(name)).filter(_in_no_hand_of(OuterRef(OuterRef(name)), "member"))
        ours &= Q(_in_no_hand_of(OuterRef(name), actor.pk))
    found = Q(pk__in=[])
    for path in actor.reach(area, capability):
        nearer = others.filter(organization__path__startswith=path).exclude(organization__path=path)
        hers = Q(~Exists(nearer)) if late is None else Q(~Exists(nearer)) | late
        found |= Q(**{f"{organization}__path__startswith": path}) & hers
    return found & ours


def _in_no_hand_of(proposer: OuterRef, person: int | str) -> Q:
    """Return the condition that ``proposer`` has neither entered nor appointed ``person`` lately; both are expressions.

    The direct cases of ``independence.bound_pairs``, for lists; the step itself asks for all of them.
    """
    who = person if isinstance(person, int) else OuterRef(person)
    since = account_age_limit()
    young = Q(activated_at=None) | Q(activated_at__gt=since) | Q(created_at__gt=since)
    entered = Member.objects.filter(young, pk=who, entered_by=proposer)
    appointed = Duty.objects.filter(member=who, given_by=proposer, created_at__gte=since)
    return ~Exists(entered) & ~Exists(appointed)


def holders(area: Area, capability: Capability, organization: Organization, *, but: Iterable[int] = ()) -> list[Member]:
    """Return the active members who hold ``capability`` in ``area`` at ``organization`` or at any above it today.

    Nearest level first; ``but`` leaves out members by pk: nobody approves her own.
    """
    line = [*organization.ancestor_ids, organization.pk]
    duties = (
        Duty.objects.current()
        .filter(organization_id__in=line, role__in=roles_with(area, capability), **WORKING)
        .exclude(member_id__in=list(but))
        .select_related("member", "organization")
    )
    found: dict[int, Member] = {}
    for duty in sorted(duties, key=lambda held: (-len(held.organization.path), held.member_id)):
        found.setdefault(duty.member_id, duty.member)
    return list(found.values())


def are_independent(one: Member, other: Member) -> bool:
    """Say whether two people can vouch for the same thing side by side, in either order.

    Neither made the account of the other (roster, vouching, phone) or appointed the other in the last
    ACCOUNT_AGE_DAYS, and nobody wrote the phones of both.
    """
    return not are_bound(one.pk, other.pk)


def seconds_among(people: Sequence[Member], firsts: Iterable[int], *, both_ways: bool = False) -> list[Member]:
    """Return those of ``people`` who can approve what ``firsts``, by pk, proposed; their order is kept."""
    pks = {person.pk for person in people}
    bound = {second for _first, second in bound_pairs(firsts, pks, both_ways=both_ways)} if people else set()
    return [person for person in people if person.pk not in bound]


def second_persons(row: Any, area: Area) -> list[Member]:
    """Return who may approve ``row``, here or above, the nearest level first; who is not independent is out."""
    proposed = proposers(row)
    return seconds_among(holders(area, Capability.APPROVE, row.organization, but=proposed), proposed)


AT_ROOT = _("Duties at the provincial federation always need a second person.")
YOUNG = _("The account of this person is new or not opened yet.")
OWN = _("You, or somebody you entered, put this person on the roster, vouched for them or changed their mobile number.")


def needs_second(actor: Member | None, member: Member, role: str, organization: Organization) -> str | Promise:
    """Return why a duty that ``actor`` gives needs a second person, as a sentence; '' where it does not.

    Every duty of such a person, and not the first alone: a harmless duty would open the way to any other.
    """
    if actor is None:
        return ""
    if organization.parent_id is None or role in ADMINISTRATORS:
        return AT_ROOT
    if is_young(member):
        return YOUNG
    return OWN if has_hand_in(actor.pk, member.pk) else ""


def places_to_appoint(actor: Member) -> QuerySet[Organization]:
    """Return the open organisations at which ``actor`` gives or proposes duties."""
    reach = within(actor.reach(Area.MEMBERS, Capability.APPOINT), "path")
    found = Q(pk=None) if reach is None else reach
    if administers(actor):
        found |= Q(parent=None)
    return Organization.objects.filter(found, closed_on=None)


def administrators_to_replace(actor: Member) -> QuerySet[Duty]:
    """Return the duties of administrators, held today, that ``actor`` may propose to replace."""
    kinds = administers(actor)
    held = Duty.objects.current().filter(role__in=ADMINISTRATORS - kinds) if kinds else Duty.objects.none()
    return held.filter(organization__parent=None).for_list().order_by("role", "pk")


@dataclass(frozen=True)
class Seconds:
    """Who may approve an appointment now: the place whose people have it, and those people."""

    place: Organization
    people: list[Member]


def appointment_seconds(row: Appointment, *, above: Organization | None = None) -> Seconds | None:
    """Return the nearest Seconds of ``row``, a waiting or unsaved appointment; None where nobody can be one.

    Whoever may give the duty at its organisation or above, and at the root the three administrators; independent of the
    proposer. ``above``: a place on the line, which is left out with all below it.
    """
    place = row.organization
    line = [*place.ancestor_ids, place.pk]
    if row.role in ADMINISTRATORS:
        roles = Q(role__in=ADMINISTRATORS)
    else:
        roles = Q(role__in=roles_with(Area.MEMBERS, Capability.APPOINT))
        roles |= Q(role__in=ADMINISTRATORS, organization__parent=None)
    duties = Duty.objects.current().filter(roles, organization_id__in=line, **WORKING)
    if above is not None:
        duties = duties.filter(organization_id__in=above.ancestor_ids)
    duties = duties.exclude(member__in=[row.proposed_by_id, row.member_id]).select_related("member", "organization")
    levels: dict[int, tuple[Organization, dict[int, Member]]] = {}
    for duty in duties.order_by("member_id"):
        levels.setdefault(duty.organization_id, (duty.organization, {}))[1][duty.member_id] = duty.member
    everybody = {pk: person for _at, held in levels.values() for pk, person in held.items()}
    free = {person.pk for person in seconds_among(list(everybody.values()), {row.proposed_by_id}, both_ways=True)}
    for at, held in sorted(levels.values(), key=lambda level: -len(level[0].path)):
        at_root = at.parent_id is None
        people = [
            person for pk, person in held.items() if pk in free and may_second(person, row.role, place, at_root=at_root)
        ]
        if people:
            return Seconds(at, people)
    return None


def waiting_appointments(actor: Member) -> QuerySet[Appointment]:
    """Return the appointments that wait for ``actor``; the page of each asks for every tie to its proposer."""
    return Appointment.objects.waiting_with(actor).filter(_in_no_hand_of(OuterRef("proposed_by"), actor.pk))


def as_held(duty: Duty, duties: list[Duty]) -> Member:
    """Return who holds ``duty`` as one who holds ``duties``, whatever she holds today; for asking what waits, no more.

    What was handed over to herself is left out of her list, so that two who follow each other end.
    """
    person = Member.objects.get(pk=duty.member_id)
    person.is_active, person.as_held, person.duties = True, True, duties
    return person


def waiting_by_duty(duty: Duty) -> list[Todo]:
    """Return what waits for a person by ``duty`` and by none of her other duties, also once it has ended."""
    held = Duty.objects.current().filter(member_id=duty.member_id).exclude(pk=duty.pk)
    others = list(held.select_related("organization"))
    with_it = own_items(as_held(duty, [*others, duty]))
    without = {item.url for item in own_items(as_held(duty, others))}
    return [item for item in with_it if item.url not in without]


def union_cadres(organization: Organization) -> QuerySet[Member]:
    """Return the active people who work for the unions at and below ``organization``.

    Those are the people on the rosters of federations, and whoever holds a duty there today.
    """
    held = Duty.objects.current().filter(organization__path__startswith=organization.path).values("member_id")
    of_federations = Q(organization__path__startswith=organization.path) & ~Q(
        organization__kind=OrganizationKind.GRASSROOTS
    )
    people = Member.objects.filter(of_federations | Q(pk__in=held), is_active=True)
    return people.select_related("organization").order_by("pinyin", "pk")


def account_history(member: Member) -> list[dict[str, Any]]:
    """Return what happened to the account of ``member``, as ``portal.audit.selectors.history`` gives it.

    Entries on the person, on the person's duties and changes of phone, and on the e-mail address.
    """
    about = Q(about_model="members.member", about_id=member.pk)
    about |= Q(about_model="members.duty", about_id__in=member.duty_set.values("pk"))
    about |= Q(about_model="members.phonechange", about_id__in=member.phone_changes.values("pk"))
    about |= Q(actor=member, about_model="messaging.mailbox")
    return told(list(AuditEntry.objects.filter(about).order_by("-pk")[:SHOWN]), HISTORY_WORDS)


def rosters_of(actor: Member) -> QuerySet[Organization]:
    """Return the open organisations whose rosters ``actor`` edits."""
    reach = within(actor.reach(Area.MEMBERS, Capability.EDIT), "path")
    units = Organization.objects.filter(reach, closed_on=None) if reach is not None else Organization.objects.none()
    return units.order_by("pinyin", "pk")


def rosters_to_enter(actor: Member) -> QuerySet[Organization]:
    """Return the open organisations on whose rosters ``actor`` puts people.

    Those whose rosters they edit; a security administrator the root's as well: nobody else is there on the first day.
    """
    reach = within(actor.reach(Area.MEMBERS, Capability.EDIT), "path")
    found = Q(pk=None) if reach is None else reach
    if Role.SECURITY_ADMINISTRATOR in administers(actor):
        found |= Q(parent=None)
    return Organization.objects.filter(found, closed_on=None).order_by("pinyin", "pk")
