"""Services of care sites: registering and closing them, their safety papers and the people who work there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.sites import SiteState
from childcare.models import CareSite, CareStaff, ClassTerm, Incident, SafetyPaper, TermResult
from portal.audit.gate import advance
from portal.audit.services import audit_record, row_create, row_update
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services.messages import message_post
from portal.messaging.services.touching import touch
from portal.organizations.selectors import lies_within

if TYPE_CHECKING:
    from datetime import date

    from portal.members.models import Member
    from portal.organizations.models import Organization, Region

PLACE = ("longitude", "latitude", "given_longitude", "given_latitude", "given_datum")
OUTSIDE = _("This region is outside the region of the union that manages the site.")
CLOSED = _("This site is closed.")


def check_region(region: Region, organization: Organization) -> None:
    """Refuse a region that does not lie within the organisation's own."""
    if not lies_within(region, organization):
        raise DomainError(OUTSIDE, code="outside")


def _held_site(site: CareSite) -> CareSite:
    held = locks.hold(site)
    if held.state != SiteState.IN_USE:
        raise DomainError(CLOSED, code="ended")
    return held


def site_create(*, actor: Member, organization: Organization, **fields: Any) -> CareSite:
    """Register a site in a region inside the organisation's own; ``point`` is the position as entered, or None."""
    check_region(fields["region"], organization)
    point = fields.pop("point", None)
    site = CareSite(organization=organization, **fields)
    site.place(point)
    return row_create(actor=actor, row=site, action="site.create")


def site_update(*, actor: Member, site: CareSite, version: int, **fields: Any) -> CareSite:
    """Change a site; raises Conflict if another edit came first."""
    check_region(fields.get("region", site.region), site.organization)
    if "point" in fields:
        placed = CareSite()
        placed.place(fields.pop("point"))
        fields |= {name: getattr(placed, name) for name in PLACE}
    return row_update(actor=actor, row=site, action="site.update", version=version, fields=fields)


@transaction.atomic
def site_end(*, actor: Member, site: CareSite, reason: str) -> CareSite:
    """Close a site for good and end the work of its staff; refused while a term there is not over."""
    held = locks.hold(site)
    if held.terms.not_over().exists():
        raise DomainError(_("A class term at this site is not over. Cancel it first."), code="terms")
    held.staff.filter(valid_until=None).update(valid_until=timezone.localdate())
    return advance(held, SiteState.ENDED, actor=actor, note=reason)


@transaction.atomic
def paper_add(
    *, actor: Member, site: CareSite, kind: str, number: str, issuer: str, valid_from: date, valid_until: date
) -> SafetyPaper:
    """Enter a safety paper of a site."""
    paper = SafetyPaper(
        site=_held_site(site), kind=kind, number=number, issuer=issuer, valid_from=valid_from, valid_until=valid_until
    )
    return row_create(actor=actor, row=paper, action="paper.create")


@transaction.atomic
def paper_remove(*, actor: Member, paper: SafetyPaper, reason: str) -> None:
    """Remove a safety paper that was withdrawn or entered by mistake; new enrolments stop if it is needed."""
    site = locks.hold(paper.site)
    audit_record(actor=actor, action="paper.remove", about=paper, note=reason)
    paper.delete()
    _touch_gate(site)


def _touch_gate(site: CareSite) -> None:
    """Let whoever applies at this moment ask the safety gate of the site's classes again."""
    site.terms.not_over().update(gate_changes=F("gate_changes") + 1)


def _check_check(checked_on: date, check_until: date) -> None:
    """Refuse a background check of a day to come, one that is over, and one that shall last longer than a year."""
    if check_until < timezone.localdate():
        raise DomainError(_("This background check is no longer valid."), code="over")
    if checked_on > timezone.localdate():
        raise DomainError(_("The background check lies in the future."), code="future")
    leap = (checked_on.month, checked_on.day) == (2, 29)
    year_later = checked_on.replace(year=checked_on.year + 1, day=28 if leap else checked_on.day)
    if check_until > year_later:
        raise DomainError(_("A background check is valid for one year at most."), code="too-long")


@transaction.atomic
def staff_add(
    *,
    actor: Member,
    site: CareSite,
    member: Member,
    role: str,
    checked_on: date,
    checker: str,
    check_until: date,
) -> CareStaff:
    """Let a member work at a site, after a background check that found nothing, and tell the person.

    A second person has to confirm it. Refused for oneself: whoever enters the staff must not gain sight of the children
    by it.
    """
    held, today = _held_site(site), timezone.localdate()
    if member.pk == actor.pk:
        raise DomainError(_("You cannot enter yourself. Ask a colleague."), code="oneself")
    _check_check(checked_on, check_until)
    if held.staff.current().filter(member=member).exists():
        raise DomainError(_("This person already works at the site."), code="staff")
    row = CareStaff(
        site=held,
        member=member,
        role=role,
        checked_on=checked_on,
        checker=checker,
        check_until=check_until,
        valid_from=today,
        given_by=actor,
    )
    row_create(actor=actor, row=row, action="staff.create")
    message_post(
        kind="childcare.staff_added",
        to=member,
        about=held,
        url=reverse("childcare:class-find"),
        context={"site": held.name},
    )
    return row


@transaction.atomic
def staff_confirm(*, actor: Member, staff: CareStaff) -> CareStaff:
    """Confirm, as the second person, that somebody works at a site; from now on a teacher reads the names."""
    held = locks.hold(staff)
    if held.confirmed_by_id is not None or held.valid_until is not None:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    return row_update(actor=actor, row=held, action="staff.confirm", fields={"confirmed_by": actor})


@transaction.atomic
def staff_renew(*, actor: Member, staff: CareStaff, checked_on: date, checker: str, check_until: date) -> CareStaff:
    """Enter the next background check of somebody who works at a site; it must be newer than the last."""
    _check_check(checked_on, check_until)
    held = locks.hold(staff)
    if held.valid_until is not None or checked_on <= held.checked_on:
        raise DomainError(_("Enter a check that is newer than the last one."), code="not-newer")
    fields = {"checked_on": checked_on, "checker": checker, "check_until": check_until}
    return row_update(actor=actor, row=held, action="staff.renew", fields=fields)


@transaction.atomic
def staff_end(*, actor: Member, staff: CareStaff) -> CareStaff:
    """End the work of a person at a site today; the names of the children are closed to them at once."""
    held = locks.hold(staff)
    if held.valid_until is not None:
        raise DomainError(_("This person no longer works at the site."), code="ended")
    held.valid_until = timezone.localdate()
    held.save(update_fields=["valid_until"])
    held.presences.filter(left_at=None).update(left_at=timezone.now())
    audit_record(actor=actor, action="staff.end", about=held)
    _touch_gate(held.site)
    return held


@transaction.atomic
def sites_absorb(*, source: Organization, target: Organization) -> int:
    """Transfer the sites of ``source`` to ``target``, with all that belongs to them; return how many.

    The figures of their whole past go with them.
    """
    rows = CareSite.objects.filter(organization=source)
    first = ClassTerm.objects.filter(site__in=rows).aggregate(first=Min("first_on"))["first"]
    count = rows.update(organization=target)
    for place in (source, target) if first else ():
        for model in (TermResult, Incident):
            touch(model._meta.label_lower, place.pk, first)
    return count


def staff_erase(member: Member) -> int:
    """Delete the entries that an erased person worked at sites; return how many."""
    return CareStaff.objects.filter(member=member).delete()[0]
