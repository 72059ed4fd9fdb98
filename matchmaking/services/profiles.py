"""Services for a single's actions on their own profile: write, submit, start, pause, leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.profiles import ProfileState, VettedBy
from matchmaking.models import HobbyTag, MatchCase, SingleProfile
from matchmaking.promises import PROFILE_LEAVE, PROFILE_MATCHED
from matchmaking.services.cases import cases_close
from matchmaking.services.introductions import introductions_end
from matchmaking.services.participations import CONTACT
from matchmaking.services.promises import by_retention, by_search, by_silence, keeps
from matchmaking.services.standing import signups_end
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Area, Capability, Sex
from portal.core.errors import DomainError
from portal.core.text import clean_line
from portal.members.choices import MaritalStatus
from portal.members.identity import age_on, birth_date_of
from portal.members.selectors import holders
from portal.members.services.consents import consent_give, consent_withdraw
from portal.messaging.services.messages import messages_post
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.organizations.selectors import legal_number

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member

WORDS = ("nickname", "about", "hopes", "occupation")
MOST_HOBBIES = 8
MOST_UNITS = 10
TOLD = 5


def check_words(member: Member, **words: str | None) -> None:
    """Refuse text that names the person or their unit, or says how to reach them.

    Contact data is passed on only when both agree.
    """
    unit = member.organization
    named = [member.name, *((unit.name, unit.short_name) if unit else ())]
    for text in words.values():
        plain = clean_line(text or "")
        if CONTACT.search(plain):
            raise DomainError(
                _(
                    "Please do not write numbers or contact details: contact details are exchanged "
                    "only when both people agree."
                ),
                code="words-contact",
            )
        bare = plain.replace(" ", "")
        if any(name and name.replace(" ", "") in bare for name in named):
            raise DomainError(_("Please do not write your name or your unit."), code="words-name")


def marriage_refusal(member: Member, on: date) -> StrOrPromise:
    """Return why ``member`` is too young to marry on day ``on``, or ''.

    Civil Code article 1047; the ages are legal parameters.
    """
    born = birth_date_of(member)
    if born is None:
        return _("Your birth date is not on your union's roster. Ask your unit to add it first.")
    key = "marriage_age_man" if member.sex == Sex.MALE else "marriage_age_woman"
    if age_on(born, on) < legal_number(key, on=on):
        return _("You are below the legal age for marriage.")
    return ""


def entry_refusal(member: Member) -> StrOrPromise:
    """Return why ``member`` cannot have a profile now, or ''."""
    if member.organization_id is None:
        return _("You are not on the roster of any unit yet. Ask your unit to vouch for you first.")
    if member.marital_status == MaritalStatus.OTHER:
        return _(
            "Matchmaking is for singles. If your entry on the union's roster is out of date, "
            "ask your unit to correct it."
        )
    return marriage_refusal(member, timezone.localdate())


@transaction.atomic
def profile_create(*, member: Member, **fields: Any) -> SingleProfile:
    """Create a profile with what the member says about themselves; nobody else sees the draft."""
    refusal = entry_refusal(member)
    if refusal:
        raise DomainError(refusal, code="not-eligible")
    if SingleProfile.objects.filter(member=member).exists():
        raise DomainError(_("You already have a profile."), code="twice")
    check_words(member, **{name: fields.get(name) for name in WORDS})
    profile = SingleProfile(member=member, edited_at=timezone.now(), last_seen_on=timezone.localdate(), **fields)
    profile.full_clean(exclude=["member"])
    profile.save(force_insert=True)
    audit_record(actor=member, action="single.create", about=profile, fields=fields)
    return profile


@transaction.atomic
def profile_save(
    *, profile: SingleProfile, actor: Member, version: int, hobbies: Collection[HobbyTag] | None = None, **fields: Any
) -> SingleProfile:
    """Change facts, texts, wishes or who may find the single.

    The audit records only the names of the changed fields, not the texts.
    """
    held = _own(profile, actor)
    locks.check_version(held, version)
    if held.state == ProfileState.EXITED:
        raise DomainError(_("You have left matchmaking. Rejoin first, then edit your profile."), code="exited")
    check_words(held.member, **{name: fields.get(name) for name in WORDS if name in fields})
    if hobbies is not None:
        if len(hobbies) > MOST_HOBBIES:
            raise DomainError(
                _("Choose at most %(count)s hobbies, the ones that describe you best.") % {"count": MOST_HOBBIES},
                code="too-many",
            )
        held.hobbies.set(hobbies)
    for name, value in fields.items():
        setattr(held, name, value)
    held.version += 1
    held.edited_at, held.last_seen_on = timezone.now(), timezone.localdate()
    held.full_clean(exclude=["member"])
    held.save(update_fields=[*fields, "version", "edited_at", "last_seen_on"])
    changed = [*fields, *(["hobbies"] if hobbies is not None else [])]
    audit_record(actor=actor, action="single.save", about=held, fields=changed)
    return held


def _own(profile: SingleProfile, actor: Member) -> SingleProfile:
    if profile.member_id != actor.pk:
        raise DomainError(_("This is not your profile."), code="not-yours")
    return locks.hold(profile)


@transaction.atomic
def profile_hide(*, profile: SingleProfile, actor: Member, organization: Organization) -> None:
    """Hide the profile from everybody at or below ``organization``."""
    held = _own(profile, actor)
    if held.hidden_from.count() >= MOST_UNITS:
        raise DomainError(_("Choose at most %(count)s units.") % {"count": MOST_UNITS}, code="too-many")
    held.hidden_from.add(organization)
    _end_care_hidden(held)
    audit_record(actor=actor, action="single.hide", about=held, fields=["hidden_from"])


def _end_care_hidden(profile: SingleProfile) -> None:
    """End the care of a matchmaker who is at an organisation that the profile hides from.

    The matchmaker belongs to it or holds a duty there.
    """
    case = MatchCase.objects.open().filter(profile=profile).select_related("volunteer__member").first()
    if case is not None and not SingleProfile.objects.filter(pk=profile.pk).hidden_away_from(case.volunteer.member):
        _end_care(profile)


@transaction.atomic
def profile_unhide(*, profile: SingleProfile, actor: Member, organization: Organization) -> None:
    """Stop hiding the profile from ``organization``."""
    held = _own(profile, actor)
    held.hidden_from.remove(organization)
    audit_record(actor=actor, action="single.unhide", about=held, fields=["hidden_from"])


def vetting_place(member: Member, vetted_by: str) -> Organization:
    """Return the organisation that vets: the member's unit, or the nearest one above that is no unit."""
    unit = member.organization
    assert unit is not None, "who has no unit has no profile to send"
    if vetted_by == VettedBy.UNIT or unit.parent_id is None:
        return unit
    above = Organization.objects.filter(pk__in=unit.ancestor_ids).exclude(kind=OrganizationKind.GRASSROOTS)
    return above.order_by("-path").first() or unit


@transaction.atomic
def profile_submit(*, profile: SingleProfile, actor: Member, signature: str, vetted_by: str) -> SingleProfile:
    """Sign the declaration by name and submit the profile to the unit or the level above for vetting.

    The name is compared and not stored. The two consents are stored with the text that was shown.
    """
    held = _own(profile, actor)
    member = held.member
    refusal = entry_refusal(member)
    if refusal:
        raise DomainError(refusal, code="not-eligible")
    if clean_line(signature).replace(" ", "") != clean_line(member.name).replace(" ", ""):
        raise DomainError(_("Sign with your full name as it is on your union's roster."), code="signature")
    missing = [name for name in ("nickname", "about") if not getattr(held, name)]
    if missing or not held.region_id:
        raise DomainError(_("First fill in your nickname, your introduction and where you live."))
    place = vetting_place(member, vetted_by)
    for purpose in (consents.SINGLE, consents.PROFILE):
        consent_give(member=member, purpose=purpose)
    held = advance(
        profile,
        ProfileState.UNIT_VETTING,
        actor=actor,
        declared_at=timezone.now(),
        declaration_version=consents.SINGLE.version,
        vetting_organization=place,
        submitted_at=timezone.now(),
        refusal_reason="",
    )
    messages_post(
        kind="matchmaking.single_submitted",
        recipients=[(person, {"place": place.name}) for person in judges_of(place, but={member.pk})],
        about=held,
        url=reverse("matchmaking:vetting-list"),
    )
    return held


def judges_of(organization: Organization, *, but: Collection[int]) -> list[Member]:
    """Return the first few members who may decide for ``organization``, the nearest level first."""
    return holders(Area.MATCHMAKING, Capability.APPROVE, organization, but=but)[:TOLD]


@transaction.atomic
def profile_start(*, profile: SingleProfile, actor: Member) -> SingleProfile:
    """Let others find the single: once verified, after a pause, or when a relationship has ended."""
    held = _own(profile, actor)
    if held.held:
        raise DomainError(
            _("Your profile is suspended after a report. You will be notified when it can be resumed."), code="held"
        )
    if held.verified_until is None or held.verified_until <= timezone.localdate():
        raise DomainError(_("Your unit's confirmation has expired. Submit your profile again."), code="expired")
    if held.vouched_unit_id != held.member.organization_id:
        raise DomainError(_("You now belong to another unit. Submit your profile again."), code="moved")
    return advance(profile, ProfileState.ACTIVE, actor=actor, last_seen_on=timezone.localdate())


@transaction.atomic
def profile_pause(*, profile: SingleProfile, actor: Member) -> SingleProfile:
    """Pause the profile: nobody finds the single until they resume."""
    _own(profile, actor)
    return advance(profile, ProfileState.PAUSED, actor=actor)


def _end_care(profile: SingleProfile) -> None:
    cases_close(profile=profile, actor=profile.member)


def _take_agreements_back(profile: SingleProfile) -> None:
    for purpose in (consents.SINGLE, consents.PROFILE):
        consent_withdraw(member=profile.member, purpose=purpose)


def _end_introductions(profile: SingleProfile) -> None:
    introductions_end(profile=profile)


def _end_sign_ups(profile: SingleProfile) -> None:
    signups_end(members=[profile.member])


_matched = keeps(
    PROFILE_MATCHED,
    {
        "unlisted": by_search,
        "signups": _end_sign_ups,
        "introductions": _end_introductions,
        "nobody-told": by_silence,
    },
)
_exited = keeps(
    PROFILE_LEAVE,
    {
        "unlisted": by_search,
        "agreements": _take_agreements_back,
        "signups": _end_sign_ups,
        "introductions": _end_introductions,
        "care": _end_care,
        "purge": by_retention,
        "nobody-told": by_silence,
    },
)


@transaction.atomic
def profile_matched(*, profile: SingleProfile, actor: Member) -> SingleProfile:
    """Record that the owner is in a relationship, and do what ``promises.PROFILE_MATCHED`` says."""
    _own(profile, actor)
    held = advance(profile, ProfileState.MATCHED, actor=actor)
    _matched(held)
    return held


@transaction.atomic
def profile_exit(*, profile: SingleProfile, actor: Member) -> SingleProfile:
    """Leave matchmaking, and do what ``promises.PROFILE_LEAVE`` says."""
    _own(profile, actor)
    held = advance(profile, ProfileState.EXITED, actor=actor, exited_at=timezone.now())
    _exited(held)
    return held


@transaction.atomic
def profile_return(*, profile: SingleProfile, actor: Member) -> SingleProfile:
    """Return after having left: the profile is a draft again, with what has not been deleted yet."""
    _own(profile, actor)
    return advance(profile, ProfileState.DRAFT, actor=actor, exited_at=None, **VOID)


# The field values of a profile whose verification no longer holds.
VOID: dict[str, Any] = {"verified_until": None, "vetted_at": None, "vetted_by": None, "vouched_unit": None}
