"""Querysets that decide which members, duties and related rows a reader sees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet, within
from portal.core.roles import ADMINISTRATORS, ROLE_TABLE, roles_with
from portal.core.text import mask_name
from portal.members.independence import bound_pairs
from portal.members.rules import administers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.members.consents import Purpose
    from portal.members.models import (
        Appointment,
        Child,
        Consent,
        DataRequest,
        Duty,
        HandOver,
        Member,
        PhoneChange,
        Transfer,
        Vouching,
    )
    from portal.organizations.models import Organization


class MemberQuerySet(OrgScopedQuerySet["Member"]):
    """Members by the organisation to which they belong."""

    area = Area.MEMBERS

    def visible_to(self, actor: Member) -> Self:
        """Return the members whom the actor's duties reach, and the actor."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        paths = actor.reach(self.area, Capability.VIEW)
        reach = within(paths, self.path_lookup)
        if reach is None:
            return self.filter(pk=actor.pk)
        # If the actor's own duties reach the actor's entry, one condition suffices, and an index serves it.
        reaches_herself = actor.organization is not None and actor.organization.path.startswith(tuple(paths))
        return self.filter(reach if reaches_herself else reach | Q(pk=actor.pk))

    def appointable_by(self, actor: Member) -> Self:
        """Return the active members to whom ``actor`` may give or propose a duty.

        For administrators they include members on the roster of the root.
        """
        reach = within(actor.reach(self.area, Capability.APPOINT), self.path_lookup)
        found = Q(pk=None) if reach is None else reach
        if administers(actor):
            found |= Q(organization__parent=None, organization__isnull=False)
        return self.filter(found, is_active=True).exclude(pk=actor.pk)

    def standing_over(self) -> Self:
        """Return the members whose unit vouched for them until a day that has passed."""
        return self.filter(standing_until__lte=timezone.localdate())

    def kept(self) -> Self:
        """Return the members who were not erased."""
        return self.filter(erased_at=None)

    def names_for_audit(self, pks: Iterable[int]) -> dict[int, str]:
        """Return names by pk: in full for members who hold or held a duty, shortened for all others."""
        rows = self.filter(pk__in=pks).order_by("pk").values_list("pk", "name", "duty")
        return {pk: mask_name(name) if duty is None else name for pk, name, duty in rows}

    def for_list(self) -> Self:
        return self.select_related("organization")

    def holding(
        self, area: Area, capability: Capability, organization: Organization, *, but: Iterable[int] = ()
    ) -> Self:
        """Return the active members who hold ``capability`` in ``area`` at ``organization`` or above today."""
        roles = [role for role, row in ROLE_TABLE.items() if capability in row.get(area, ())]
        today = timezone.localdate()
        held = self.filter(
            Q(duty__valid_until=None) | Q(duty__valid_until__gt=today),
            duty__valid_from__lte=today,
            duty__organization_id__in=[*organization.ancestor_ids, organization.pk],
            duty__role__in=roles,
            is_active=True,
            proven_at__isnull=False,
        )
        return held.exclude(pk__in=list(but)).distinct().order_by("pk")

    def seconds_to(self, proposers: Iterable[int]) -> Self:
        """Narrow to the members who may approve what ``proposers``, by pk, proposed."""
        bound = bound_pairs(proposers, set(self.values_list("pk", flat=True)))
        return self.exclude(pk__in={second for _first, second in bound})


class DutyQuerySet(OrgScopedQuerySet["Duty"]):
    """Duties at the organisations that the actor reaches in the area of members."""

    area = Area.MEMBERS

    def current(self, day: date | None = None) -> Self:
        """Return duties that are held on ``day``: from ``valid_from`` until before ``valid_until``."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).filter(Q(valid_until=None) | Q(valid_until__gt=day))

    def not_over(self) -> Self:
        """Return duties that are held now or will be held later."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=timezone.localdate()))

    def ends_within(self, days: int) -> Self:
        """Return duties held now that end within ``days`` days."""
        return self.current().filter(valid_until__lte=timezone.localdate() + timedelta(days=days))

    def for_list(self) -> Self:
        return self.select_related("member", "organization")


class VouchingQuerySet(OrgScopedQuerySet["Vouching"]):
    """Requests to units to vouch, at the organisations that the actor reaches in the area of members."""

    area = Area.MEMBERS

    def waiting(self) -> Self:
        """Return the requests that no unit has answered."""
        return self.filter(state="asked")

    def for_list(self) -> Self:
        return self.select_related("organization", "member", "decided_by")


class TransferQuerySet(OrgScopedQuerySet["Transfer"]):
    """Requests for transfers, seen from the requesting unit, from the unit left, and by the member.

    Example: plant A requests a member on the roster of plant B. The cadre of A sees the row, but not which
    person or unit it is about; the cadre of B sees which person, but not who requests; the county above both
    sees all; the member sees all.
    """

    area = Area.MEMBERS

    def visible_to(self, actor: Member) -> Self:
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        paths = actor.reach(self.area, Capability.VIEW)
        condition = Q(member=actor)
        for lookup in ("organization__path", "from_organization__path"):
            condition |= within(paths, lookup) or Q(pk=None)
        return self.filter(condition)

    def below(self, path: str) -> Self:
        """Narrow to requests with either unit in one subtree."""
        if not path:
            return self
        return self.filter(Q(organization__path__startswith=path) | Q(from_organization__path__startswith=path))

    def waiting(self) -> Self:
        return self.filter(state="asked")

    def waiting_for(self, actor: Member) -> Self:
        """Return the requests that ``actor`` may decide for the unit that is left.

        Requests that the actor made, and those about the actor, are left out.
        """
        reach = within(actor.reach(self.area, Capability.EDIT), "from_organization__path")
        if reach is None:
            return self.none()
        return self.waiting().filter(reach).exclude(asked_by=actor).exclude(member=actor)

    def for_list(self) -> Self:
        return self.select_related("organization", "from_organization", "member", "decided_by", "asked_by")


class PhoneChangeQuerySet(OrgScopedQuerySet["PhoneChange"]):
    """Changes of phone, by the unit of the member; members also see their own."""

    area = Area.MEMBERS
    path_lookup = "member__organization__path"

    def visible_to(self, actor: Member) -> Self:
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        return self.filter(Q(pk__in=self.reached_by(actor, Capability.VIEW).values("pk")) | Q(member=actor))

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "proposed_by")


class AppointmentQuerySet(OrgScopedQuerySet["Appointment"]):
    """Appointments that a second person approves, by the organisation of the duty.

    Example: the chair of a county proposes a cadre. This chair sees the appointment, and so do the chairs above
    and the security administrator. The other two administrators see it once it waits at the root; the chair of
    another county does not see it.
    """

    area = Area.MEMBERS

    def visible_to(self, actor: Member) -> Self:
        """Return the appointments that the reader may see.

        They are those where the reader appoints, those the reader proposed, and, for administrators, those at the root
        or waiting there.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        seen = Q(proposed_by=actor)
        reach = within(actor.reach(self.area, Capability.APPOINT), self.path_lookup)
        if reach is not None:
            seen |= reach
        if administers(actor):
            seen |= Q(organization__parent=None) | Q(waits_at__parent=None, waits_at__isnull=False)
        return self.filter(seen)

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def waiting_with(self, actor: Member) -> Self:
        """Return the appointments that wait where ``actor`` appoints or is an administrator."""
        appointing = roles_with(self.area, Capability.APPOINT)
        places = [
            duty.organization_id
            for duty in actor.duties
            if duty.role in appointing or (duty.role in ADMINISTRATORS and duty.organization.parent_id is None)
        ]
        return self.waiting().filter(waits_at__in=places).exclude(member=actor).exclude(proposed_by=actor)

    def for_list(self) -> Self:
        return self.select_related(
            "member", "member__organization", "organization", "waits_at", "proposed_by", "decided_by"
        )


class HandOverQuerySet(OrgScopedQuerySet["HandOver"]):
    """Items handed over, by the organisation of the duty that ended."""

    area = Area.MEMBERS
    path_lookup = "duty__organization__path"

    def standing(self) -> Self:
        """Return the items that are not settled yet."""
        return self.filter(ended_at=None)

    def left_for(self, actor: Member) -> Self:
        """Return the items that nobody took on, where ``actor`` appoints."""
        return self.reached_by(actor, Capability.APPOINT).standing().filter(successor=None).exclude(duty__member=actor)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the consents of the actor."""
        return self.filter(member=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def standing(self) -> Self:
        """Return the consents that are given and not withdrawn."""
        return self.filter(withdrawn_at=None)

    def about_child(self, child: Child, purpose: Purpose) -> Self:
        """Return the valid consents for ``purpose`` that the guardian of ``child`` gave for this child."""
        given = self.standing().filter(as_guardian=True, purpose=purpose.code)
        return given.filter(member_id=child.guardian_id, about_id=child.pk)


class ChildQuerySet(models.QuerySet["Child"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the children whose guardian is the actor; no duty opens a child's entry to anybody.

        Example: two parents at one plant have each entered the same child. Each sees their own entry; the chair of
        the plant, the county above and the administrators see neither.
        """
        return self.filter(guardian=actor) if getattr(actor, "is_authenticated", False) else self.none()


class DataRequestQuerySet(OrgScopedQuerySet["DataRequest"]):
    """Requests about own data, by the unit of the member who asks; staff who edit its roster settle them."""

    area = Area.MEMBERS
    path_lookup = "member__organization__path"

    def visible_to(self, actor: Member) -> Self:
        """Return the actor's own requests, and those of members whose entries the actor may edit.

        Others do not see them, because a request contains personal details.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        return self.filter(Q(pk__in=self.reached_by(actor, Capability.EDIT).values("pk")) | Q(member=actor))

    def open(self) -> Self:
        """Return the requests that are not answered yet."""
        return self.filter(state="open")

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "settled_by")
