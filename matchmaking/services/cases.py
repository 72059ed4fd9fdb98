"""Services for cases of matchmakers: even shares, the next step, the contact log, handing back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.cases import CaseBlock
from matchmaking.choices.profiles import ProfileState
from matchmaking.models import Block, ContactLog, MatchCase, SingleProfile, Volunteer
from matchmaking.shares import even_shares
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.members.models import Consent, Duty, Member
from portal.members.services.consents import consent_give, consent_withdraw
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from matchmaking.querysets.cases import CaseQuerySet
    from matchmaking.querysets.profiles import SingleProfileQuerySet
    from portal.audit.gate import Clock
    from portal.organizations.models import Organization

LOG_DAYS = 60


@transaction.atomic
def cases_assign(*, organization: Organization, actor: Member) -> int:
    """Assign the singles below ``organization`` who have no matchmaker to its volunteers.

    Returns how many were assigned. Loads differ by at most one where no restriction applies, and no volunteer gets more
    than their maximum. No volunteer looks after themselves, after a single who blocked them or whom they blocked, or
    after a single who hides from an organisation of theirs.
    """
    held = locks.hold(organization)
    volunteers = list(
        Volunteer.objects.current()
        .filter(organization__path__startswith=held.path)
        .select_related("member__organization")
    )
    if not volunteers:
        raise DomainError(
            _("There is no active matchmaker here yet: train volunteers and activate them first."), code="no-volunteers"
        )
    locks.hold_all(Volunteer.objects.filter(pk__in=[row.pk for row in volunteers]))
    profiles = list(profiles_without_case(held).select_related("member").order_by("pk"))
    loads = Volunteer.objects.filter(pk__in=[row.pk for row in volunteers]).with_load()
    carried = loads.values_list("pk", "load")  # type: ignore[misc]  # with_load adds it
    shares = even_shares(
        [row.pk for row in profiles],
        dict(sorted(carried)),
        {row.pk: row.most for row in volunteers},
        _barred(profiles, volunteers),
    )
    today = timezone.localdate()
    made = MatchCase.objects.bulk_create(
        MatchCase(profile_id=profile, volunteer_id=volunteer, opened_on=today, next_due=today + timedelta(days=7))
        for profile, volunteer in sorted(shares.items())
    )
    got: dict[int, int] = {}
    for volunteer in shares.values():
        got[volunteer] = got.get(volunteer, 0) + 1
    messages_post(
        kind="matchmaking.cases_shared",
        recipients=[(row.member, {"count": got[row.pk]}) for row in volunteers if row.pk in got],
        url=reverse("matchmaking:caseload-list"),
    )
    audit_record(
        actor=actor, action="case.assign", about=held, data={"count": len(made), "left": len(profiles) - len(made)}
    )
    return len(made)


def profiles_without_case(organization: Organization) -> SingleProfileQuerySet:
    """Return the profiles below ``organization`` that have no matchmaker and want one."""
    alone = SingleProfile.objects.searchable().filter(member__organization__path__startswith=organization.path)
    cases = MatchCase.objects.filter(closed_on=None).values("profile")
    paused = MatchCase.objects.filter(block=CaseBlock.PAUSE, closed_on__isnull=False).values("profile")
    return alone.exclude(pk__in=cases).exclude(pk__in=paused)


def _barred(profiles: list[SingleProfile], volunteers: list[Volunteer]) -> dict[int, set[int]]:
    """Return for each profile the volunteers who must not look after it, by id."""
    people = [row.member_id for row in volunteers]
    places: dict[int, dict[int, str]] = {row.member_id: {} for row in volunteers}
    for row in volunteers:
        own = row.member.organization
        if own is not None:
            places[row.member_id][own.pk] = own.path
    duties = Duty.objects.current().filter(member__in=people)
    for member, unit, path in duties.values_list("member_id", "organization_id", "organization__path"):
        places[member][unit] = path
    line = {
        member: {int(part) for path in found.values() for part in path.strip("/").split("/")}
        for member, found in places.items()
    }
    named: dict[int, set[int]] = {}
    hidden = SingleProfile.hidden_from.through.objects.filter(singleprofile__in=[row.pk for row in profiles])
    for profile, unit in hidden.values_list("singleprofile_id", "organization_id"):
        named.setdefault(profile, set()).add(unit)
    singles = [row.member_id for row in profiles]
    apart = set(Block.objects.filter(blocker__in=people, blocked__in=singles).values_list("blocker_id", "blocked_id"))
    blocks = Block.objects.filter(blocker__in=singles, blocked__in=people)
    apart |= {(one, two) for two, one in blocks.values_list("blocker_id", "blocked_id")}

    def shut(profile: SingleProfile, volunteer: Volunteer) -> bool:
        member = volunteer.member_id
        return (
            member == profile.member_id
            or (member, profile.member_id) in apart
            or (profile.hidden_from_own_unit and profile.member.organization_id in places[member])
            or bool(named.get(profile.pk, set()) & line[member])
        )

    return {profile.pk: {volunteer.pk for volunteer in volunteers if shut(profile, volunteer)} for profile in profiles}


@transaction.atomic
def cases_hand_back(*, volunteer: Volunteer, actor: Member) -> int:
    """Close the open cases of ``volunteer``; return how many.

    Their singles are assigned anew at the next distribution.
    """
    count = _close(MatchCase.objects.filter(volunteer=volunteer))
    if count:
        audit_record(actor=actor, action="volunteer.hand_back", about=volunteer, data={"count": count})
    return count


@transaction.atomic
def cases_close(*, profile: SingleProfile, actor: Member | Clock, pause: bool = False) -> int:
    """End the care for ``profile``; return how many cases were closed.

    With ``pause`` the single gets no matchmaker until they ask for one again.
    """
    count = _close(MatchCase.objects.filter(profile=profile), **({"block": CaseBlock.PAUSE} if pause else {}))
    if count:
        audit_record(actor=actor, action="case.close", about=profile, data={"count": count})
    return count


def _close(cases: CaseQuerySet, **changes: str) -> int:
    """Close the open ones of ``cases``; the consent to show name and number ends with each."""
    found = [row.pk for row in locks.hold_all(cases.filter(closed_on=None))]
    standing = Consent.objects.standing().filter(purpose=consents.CASE_CONTACT.code, about_id__in=found)
    standing.update(withdrawn_at=timezone.now())
    return MatchCase.objects.filter(pk__in=found).update(closed_on=timezone.localdate(), **changes)


@transaction.atomic
def case_leave(*, member: Member) -> None:
    """End the care for a single who wants no matchmaker; the matchmaker is not told why."""
    profile = _own(member)
    if not cases_close(profile=profile, actor=member, pause=True):
        raise DomainError(_("You have no matchmaker at the moment."), code="no-case")


def case_ask(*, member: Member) -> None:
    """Let a single have a matchmaker again, from the next distribution on."""
    profile = _own(member)
    MatchCase.objects.filter(profile=profile, closed_on__isnull=False).update(block=CaseBlock.NONE)


def _own(member: Member) -> SingleProfile:
    profile = SingleProfile.objects.own(member).select_related("member").first()
    if profile is None or profile.state == ProfileState.EXITED:
        raise DomainError(_("Fill in your own profile first."), code="no-profile")
    return profile


@transaction.atomic
def case_contact_set(*, member: Member, agree: bool) -> None:
    """Set whether the current matchmaker of ``member`` sees the member's name and number."""
    case = MatchCase.objects.filter(profile=_own(member), closed_on=None).first()
    if case is None:
        raise DomainError(_("You have no matchmaker at the moment."), code="no-case")
    change = consent_give if agree else consent_withdraw
    change(member=member, purpose=consents.CASE_CONTACT, about_id=case.pk)


@transaction.atomic
def case_update(
    *, case: MatchCase, actor: Member, version: int, next_action: str, next_due: date | None, block: str
) -> MatchCase:
    """Change the next step, its day and what it waits for.

    Raises Conflict when another edit came first.
    """
    held = _held(case, actor)
    locks.check_version(held, version)
    held.next_action, held.next_due, held.block = next_action, next_due, block
    held.version += 1
    held.save(update_fields=["next_action", "next_due", "block", "version"])
    audit_record(actor=actor, action="case.update", about=held, fields=["next_action", "next_due", "block"])
    return held


@transaction.atomic
def contact_add(*, case: MatchCase, actor: Member, kind: str, words: str, at: datetime) -> ContactLog:
    """Add a contact to the matchmaker's log, which nobody else reads."""
    now = timezone.now()
    if not now - timedelta(days=LOG_DAYS) <= at <= now + timedelta(minutes=5):
        raise DomainError(
            _("The time of contact must be within the last %(days)s days and not in the future.") % {"days": LOG_DAYS},
            code="when",
        )
    held = _held(case, actor)
    (pk,) = reserve_pks(ContactLog)
    row = ContactLog.objects.create(pk=pk, case=held, kind=kind, words=words, at=at)
    held.last_contact_at = max(at, held.last_contact_at or at)
    held.save(update_fields=["last_contact_at"])
    audit_record(actor=actor, action="case.contact", about=held, data={"contact": row.pk})
    return row


def _held(case: MatchCase, actor: Member) -> MatchCase:
    """Lock a case of ``actor`` that is still open; refuse any other case."""
    held = locks.hold(case)
    if not MatchCase.objects.visible_to(actor).filter(pk=held.pk).exists():
        raise DomainError(_("You no longer look after this person."), code="not-yours")
    return held
