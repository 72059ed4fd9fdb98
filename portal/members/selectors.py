"""Selectors over members and duties."""

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
    "give": _("Duty assigned"),
    "end": _("Duty ended"),
    "remove": _("E-mail address removed"),
    "reveal": _("Somebody viewed masked data"),
    "set": _("E-mail address added"),
}
# Only duties of active accounts whose person is confirmed count.
WORKING = {"member__is_active": True, "member__proven_at__isnull": False}


class _OnLine(Func):
    """Whether the id of an organisation is in a path: the ids from the root down."""

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

    The condition holds where the actor has ``capability`` over the row's organisation and no other active member holds
    it between that organisation and the one of the actor's duty. ``organization`` is the lookup from the row to its
    organisation. ``but`` names the columns of members who may not decide the row, such as the proposer; members whom
    these have entered or appointed lately may not decide it either. A row that meets the condition ``late`` waits for
    everybody above too.
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
    """Return the condition that ``proposer`` has neither entered nor appointed ``person`` lately.

    Both are expressions. This covers the direct cases of ``independence.bound_pairs``, for lists; the step itself
    checks all of them.
    """
    who = person if isinstance(person, int) else OuterRef(person)
    since = account_age_limit()
    young = Q(activated_at=None) | Q(activated_at__gt=since) | Q(created_at__gt=since)
    entered = Member.objects.filter(young, pk=who, entered_by=proposer)
    appointed = Duty.objects.filter(member=who, given_by=proposer, created_at__gte=since)
    return ~Exists(entered) & ~Exists(appointed)


def holders(area: Area, capability: Capability, organization: Organization, *, but: Iterable[int] = ()) -> list[Member]:
    """Return the active members who hold ``capability`` in ``area`` at ``organization`` or above it today.

    The nearest level comes first. ``but`` leaves out members by pk, because nobody approves their own proposal.
    """
    return [member for level in holders_by_level(area, capability, organization, but=but) for member in level]


def holders_by_level(
    area: Area, capability: Capability, organization: Organization, *, but: Iterable[int] = ()
) -> list[list[Member]]:
    """Return what ``holders`` returns, one list for each level at which somebody holds the capability.

    A person with duties at two levels is in the nearer one.
    """
    line = [*organization.ancestor_ids, organization.pk]
    duties = (
        Duty.objects.current()
        .filter(organization_id__in=line, role__in=roles_with(area, capability), **WORKING)
        .exclude(member_id__in=list(but))
        .select_related("member", "organization")
    )
    levels: dict[int, dict[int, Member]] = {}
    seen: set[int] = set()
    for duty in sorted(duties, key=lambda held: (-len(held.organization.path), held.member_id)):
        if duty.member_id not in seen:
            seen.add(duty.member_id)
            levels.setdefault(duty.organization_id, {})[duty.member_id] = duty.member
    return [list(level.values()) for level in levels.values()]


def are_independent(one: Member, other: Member) -> bool:
    """Return whether two members can vouch for the same thing side by side, in either order.

    Neither made the account of the other (roster, vouching, phone) or appointed the other in the last ACCOUNT_AGE_DAYS,
    and nobody wrote the phones of both.
    """
    return not are_bound(one.pk, other.pk)


def seconds_among(people: Sequence[Member], firsts: Iterable[int], *, both_ways: bool = False) -> list[Member]:
    """Return those of ``people`` who may approve what ``firsts``, by pk, proposed, in unchanged order."""
    pks = {person.pk for person in people}
    bound = {second for _first, second in bound_pairs(firsts, pks, both_ways=both_ways)} if people else set()
    return [person for person in people if person.pk not in bound]


def second_persons(row: Any, area: Area) -> list[Member]:
    """Return the members who may approve ``row``, here or above, the nearest level first.

    Members who are not independent of the proposer are left out.
    """
    proposed = proposers(row)
    return seconds_among(holders(area, Capability.APPROVE, row.organization, but=proposed), proposed)


AT_ROOT = _("Duties at the provincial federation must always be approved by a second person.")
YOUNG = _("This person's account is new or has not been opened yet.")
OWN = _("You, or a person you entered, put this person on the roster, vouched for them or changed their mobile number.")


def needs_second(actor: Member | None, member: Member, role: str, organization: Organization) -> str | Promise:
    """Return why a duty that ``actor`` gives needs a second person, as a sentence; '' where it does not.

    This applies to every duty of such a member and not to the first alone, because a harmless duty would otherwise open
    the way to any other.
    """
    if actor is None:
        return ""
    if organization.parent_id is None or role in ADMINISTRATORS:
        return AT_ROOT
    if is_young(member):
        return YOUNG
    return OWN if has_hand_in(actor.pk, member.pk) else ""


def places_to_appoint(actor: Member) -> QuerySet[Organization]:
    """Return the open organisations at which ``actor`` may give or propose duties."""
    reach = within(actor.reach(Area.MEMBERS, Capability.APPOINT), "path")
    found = Q(pk=None) if reach is None else reach
    if administers(actor):
        found |= Q(parent=None)
    return Organization.objects.filter(found, closed_on=None)


def administrators_to_replace(actor: Member) -> QuerySet[Duty]:
    """Return the administrators' duties, held today, whose holders ``actor`` may propose to replace."""
    kinds = administers(actor)
    held = Duty.objects.current().filter(role__in=ADMINISTRATORS - kinds) if kinds else Duty.objects.none()
    return held.filter(organization__parent=None).for_list().order_by("role", "pk")


@dataclass(frozen=True)
class Seconds:
    """Who may approve an appointment now: the organisation that has it, and the members there."""

    place: Organization
    people: list[Member]


def appointment_seconds(row: Appointment, *, above: Organization | None = None) -> Seconds | None:
    """Return the nearest Seconds of ``row``, a waiting or unsaved appointment, or None if there are none.

    They may give the duty at its organisation or above, or are one of the three administrators at the root, and they
    are independent of the proposer. ``above`` is an organisation on the path, which is left out with all below it.
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
    """Return the appointments that wait for ``actor``.

    Their detail pages check all further ties between the actor and the proposer.
    """
    return Appointment.objects.waiting_with(actor).filter(_in_no_hand_of(OuterRef("proposed_by"), actor.pk))


def as_held(duty: Duty, duties: list[Duty]) -> Member:
    """Return the holder of ``duty`` as if they held exactly ``duties``; use it only to find what waits.

    To-do items handed over to this member are left out, so that the search ends when two members succeed each other.
    """
    person = Member.objects.get(pk=duty.member_id)
    person.is_active, person.as_held, person.duties = True, True, duties
    return person


def waiting_by_duty(duty: Duty) -> list[Todo]:
    """Return what waits for a member by ``duty`` and by none of the other duties, even after it ended.

    Confidential items are left out: whoever ends the duty must not learn of them.
    """
    held = Duty.objects.current().filter(member_id=duty.member_id).exclude(pk=duty.pk)
    others = list(held.select_related("organization"))
    with_it = own_items(as_held(duty, [*others, duty]))
    without = {item.url for item in own_items(as_held(duty, others))}
    return [item for item in with_it if item.url not in without and not item.confidential]


def union_cadres(organization: Organization) -> QuerySet[Member]:
    """Return the active members who work for the unions at and below ``organization``.

    They are the members on the rosters of federations, and everyone who holds a duty there today.
    """
    held = Duty.objects.current().filter(organization__path__startswith=organization.path).values("member_id")
    of_federations = Q(organization__path__startswith=organization.path) & ~Q(
        organization__kind=OrganizationKind.GRASSROOTS
    )
    people = Member.objects.filter(of_federations | Q(pk__in=held), is_active=True)
    return people.select_related("organization").order_by("pinyin", "pk")


def account_history(member: Member) -> list[dict[str, Any]]:
    """Return the history of the account of ``member``, in the form of ``portal.audit.selectors.history``.

    It contains entries on the member, on their duties and changes of phone, and on the e-mail address.
    """
    about = Q(about_model="members.member", about_id=member.pk)
    about |= Q(about_model="members.duty", about_id__in=member.duty_set.values("pk"))
    about |= Q(about_model="members.phonechange", about_id__in=member.phone_changes.values("pk"))
    about |= Q(actor=member, about_model="messaging.mailbox")
    return told(list(AuditEntry.objects.filter(about).order_by("-pk")[:SHOWN]), HISTORY_WORDS)


def rosters_of(actor: Member) -> QuerySet[Organization]:
    """Return the open organisations whose rosters ``actor`` may edit."""
    reach = within(actor.reach(Area.MEMBERS, Capability.EDIT), "path")
    units = Organization.objects.filter(reach, closed_on=None) if reach is not None else Organization.objects.none()
    return units.order_by("pinyin", "pk")


def rosters_to_enter(actor: Member) -> QuerySet[Organization]:
    """Return the open organisations on whose rosters ``actor`` may enter people.

    They are those whose rosters the actor edits, and the root for a security administrator, because nobody else is
    there on the first day.
    """
    reach = within(actor.reach(Area.MEMBERS, Capability.EDIT), "path")
    found = Q(pk=None) if reach is None else reach
    if Role.SECURITY_ADMINISTRATOR in administers(actor):
        found |= Q(parent=None)
    return Organization.objects.filter(found, closed_on=None).order_by("pinyin", "pk")
