"""Querysets of profiles of singles: which rows a reader may see."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from matchmaking.choices.couples import CONFIRMED_COUPLES, CoupleState
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.pairs import SETTLED_PAIRS
from matchmaking.choices.profiles import SINGLE_STATES, UNSEEN, ProfileState
from matchmaking.eligibility import standing_words
from matchmaking.introductions import BOUNDS, region_beginning, regions_around
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet, within
from portal.members.choices import MaritalStatus
from portal.organizations.choices import OrganizationKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from django_stubs_ext import StrOrPromise

    from matchmaking.models import SingleProfile
    from portal.members.models import Member

ABOVE_UNITS = [kind for kind in OrganizationKind if kind != OrganizationKind.GRASSROOTS]
BOTH_AGREED = (IntroductionState.AGREED, IntroductionState.MET, IntroductionState.TOGETHER)
Rows = TypeVar("Rows", bound=models.QuerySet[Any])


class SingleProfileQuerySet(OrgScopedQuerySet["SingleProfile"]):
    """Profiles, scoped by the unit of the person.

    A single who hides from the own unit is not shown to anybody who belongs to it or holds a duty at it: with a county
    chair and the chair of the unit /1/14/203/, ``visible_to`` shows the single only to the county chair. The same holds
    for every unit that the single named, and for what is below it. Drafts and profiles of singles who left are visible
    only to their owner.
    """

    area = Area.MATCHMAKING
    path_lookup = "member__organization__path"

    def own(self, member: Member) -> Self:
        """The profile of ``member``, in any state."""
        return self.filter(member=member)

    def visible_to(self, actor: Member) -> Self:
        return super().visible_to(actor).exclude(state__in=UNSEEN).hidden_away_from(actor)

    def overseen_by(self, actor: Member) -> Self:
        """The profiles listed on staff pages, for editors of matchmaking above the units.

        An editor in a unit itself sees none.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        reached = set(actor.reach(self.area, Capability.EDIT))
        above = [
            duty.organization.path
            for duty in actor.duties
            if duty.organization.path in reached and duty.organization.kind in ABOVE_UNITS
        ]
        reach = within(above, self.path_lookup)
        return self.visible_to(actor).filter(reach) if reach is not None else self.none()

    def hidden_away_from(self, reader: Member) -> Self:
        """Exclude profiles hidden from the reader's unit or from an organisation of their duties.

        It is one query. A reader signed in by phone alone uses no duty, but the duty still counts here: the
        organisation remains one from which the profile is hidden.
        """
        if not getattr(reader, "is_authenticated", False):
            return self.none()
        duties = apps.get_model("members", "Duty").objects.current().filter(member=reader)
        own_unit = Q(member__organization__in=duties.values("organization_id"))
        named = self._named(self.model.hidden_from.through.objects.filter(singleprofile_id=OuterRef(OuterRef("pk"))))
        at_named = Q(Exists(duties.filter(Exists(named))))
        if reader.organization is not None:
            own_unit |= Q(member__organization=reader.organization_id)
            line = [int(part) for part in reader.organization.path.strip("/").split("/")]
            places = self.model.hidden_from.through.objects.filter(singleprofile_id=OuterRef("pk"))
            at_named |= Q(Exists(places.filter(organization_id__in=line)))
        hidden = (Q(hidden_from_own_unit=True) & own_unit) | at_named
        return self.exclude(hidden & ~Q(member=reader))

    @staticmethod
    def _named(
        places: models.QuerySet[models.Model], path: str = "organization__path"
    ) -> models.QuerySet[models.Model]:
        """Return those of ``places`` at or above the organisation of the row one query further out."""
        lies = models.ExpressionWrapper(OuterRef(path), output_field=models.CharField())
        named: models.QuerySet[Any] = places.annotate(_lies=lies)
        return named.filter(_lies__startswith=F("organization__path"))

    def to_vet(self, actor: Member) -> Self:
        """Profiles that wait for vetting where ``actor`` may approve; never the actor's own."""
        reach = within(_paths(actor, Capability.APPROVE), "vetting_organization__path")
        if reach is None:
            return self.none()
        return self.filter(reach, state=ProfileState.UNIT_VETTING).exclude(member=actor)

    def standing(self) -> Self:
        """Profiles of people who may take part in offers for singles today.

        This is the one rule for events and search. The person has declared to be single, is confirmed in the present
        unit until a later day, and may sign in. The profile is not held after a report, and the person is not engaged,
        married or in a group wedding according to the portal. When one of these conditions ends, the profile is
        excluded at once, without any task.
        """
        today = timezone.localdate()
        rows = self.filter(
            Q(member__standing_until=None) | Q(member__standing_until__gt=today),
            Q(member__organization__closed_on=None) | Q(member__organization__closed_on__gt=today),
            state__in=SINGLE_STATES,
            held=False,
            verified_until__gt=today,
            member__is_active=True,
            vouched_unit=F("member__organization"),
        ).exclude(member__marital_status=MaritalStatus.OTHER)
        for one in settled("member_id"):
            rows = rows.exclude(one)
        return rows

    def why_no_standing(self, member: Member) -> StrOrPromise:
        """Return why ``member`` may not take part in offers for singles, in words for that person."""
        profile = self.filter(member=member).first()
        people = member._meta.model._default_manager.filter(pk=member.pk)
        return standing_words(profile, any(people.filter(one).exists() for one in settled("pk")))

    def searchable(self) -> Self:
        """Profiles that may be found today: their owners may take part, and let others find them."""
        return self.standing().filter(state=ProfileState.ACTIVE)

    def findable_by(self, seeker: SingleProfile) -> Self:
        """Profiles that may be shown to ``seeker`` (a profile) and whose owners may see the seeker.

        This is the one rule. Both are searchable today and of different sex; the hard wishes of both are met; neither
        blocks the other or hides from an organisation of the other. The rule is symmetric. Unknown facts do not fit a
        hard wish.
        """
        rows = self.searchable().filter(Exists(self.model._default_manager.searchable().filter(pk=seeker.pk)))
        rows = rows.exclude(pk=seeker.pk).exclude(member__sex=seeker.member.sex)
        rows = rows.filter(_wishes_of(seeker, hard_alone=True)).filter(_wishes_allow(seeker))
        return rows.not_blocked_with(seeker.member).hidden_away_from(seeker.member).not_hidden_from_by(seeker)

    def asked_about(self, seeker: SingleProfile) -> Self:
        """Profiles that ``seeker`` is asked about or agreed to meet, if the two may still see each other.

        The card remains available even if wishes have changed. It disappears as soon as one of the two may not be found
        any more (by a pause, a hidden unit, a block, an expired confirmation); the introduction itself does not reveal
        this.
        """
        introductions = apps.get_model("matchmaking", "Introduction").objects.live()
        asked = introductions.put_before(seeker).filter(Q(one=OuterRef("pk")) | Q(two=OuterRef("pk")))
        able = self.model._default_manager.standing().filter(pk=seeker.pk)
        rows = self.searchable().filter(Exists(asked), Exists(able)).not_blocked_with(seeker.member)
        return rows.hidden_away_from(seeker.member).not_hidden_from_by(seeker)

    def with_fit(self, seeker: SingleProfile) -> Self:
        """Annotate ``fits_all``: whether the person fits every wish of ``seeker``."""
        wishes = _wishes_of(seeker)
        fit = models.Case(models.When(wishes, then=True), default=False) if wishes else models.Value(True)
        return self.annotate(fits_all=models.ExpressionWrapper(fit, output_field=models.BooleanField()))

    def not_blocked_with(self, member: Member) -> Self:
        """Exclude people whom ``member`` blocked and people who blocked ``member``."""
        return self.exclude(blocked_with(member.pk))

    def not_hidden_from_by(self, seeker: SingleProfile) -> Self:
        """Exclude people who belong to, or hold a duty at, an organisation from which ``seeker`` hides."""
        named = self.model.hidden_from.through.objects.filter(singleprofile_id=seeker.pk)
        at = Q(Exists(self._named(named)))
        rows = self.exclude(Exists(self._named(named, "member__organization__path")))
        if seeker.hidden_from_own_unit:
            at |= Q(organization=seeker.member.organization_id)
            rows = rows.exclude(member__organization=seeker.member.organization_id)
        duties = apps.get_model("members", "Duty").objects.current().filter(at, member=OuterRef("member_id"))
        return rows.exclude(Exists(duties))

    def with_searching(self) -> Self:
        """Annotate ``searching``: whether the profile may be found today, and so may search for others."""
        searchable = self.model._default_manager.searchable().filter(pk=OuterRef("pk"))
        return self.annotate(searching=Exists(searchable))

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "region")


@cache
def settled(person: str) -> tuple[Exists, ...]:
    """Return conditions on ``person`` (a column of the row) being engaged or married in the portal.

    One of them is enough: both people of a pair have said so, or both of a couple have confirmed to take part in a
    group wedding, or are registered as married. There is one condition for each side, so that each becomes an
    anti-join. They name no day and no row, so they are built once in a process; each query takes a copy.
    """
    pairs = apps.get_model("matchmaking", "Pair").objects.order_by().filter(state__in=SETTLED_PAIRS)
    couples = apps.get_model("matchmaking", "WeddingCouple").objects.order_by().exclude(partner=None)
    couples = couples.filter(Q(state__in=CONFIRMED_COUPLES) | Q(registered_on__isnull=False))
    couples = couples.exclude(state=CoupleState.ASKED)
    me = OuterRef(person)
    return (
        Exists(pairs.filter(one__member=me)),
        Exists(pairs.filter(two__member=me)),
        Exists(couples.filter(asker=me)),
        Exists(couples.filter(partner=me)),
    )


def with_standing(rows: Rows) -> Rows:
    """Return those of ``rows`` whose ``member`` may take part in offers for singles today."""
    profiles = apps.get_model("matchmaking", "SingleProfile").objects.standing()
    return rows.filter(Exists(profiles.filter(member=OuterRef("member_id"))))


def blocked_with(member_id: int, person: str = "member_id") -> Exists:
    """Return the condition that a row's ``person`` has blocked this member, or is blocked by this member."""
    blocks = apps.get_model("matchmaking", "Block").objects
    return Exists(
        blocks.filter(Q(blocker=member_id, blocked=OuterRef(person)) | Q(blocker=OuterRef(person), blocked=member_id))
    )


def _paths(actor: Member, capability: Capability) -> Collection[str]:
    return actor.reach(Area.MATCHMAKING, capability) if getattr(actor, "is_authenticated", False) else []


COLUMNS = {"height": "height_cm", "education": "education"}


def at_least(fact: str, value: int) -> Q:
    """Return the condition "``fact`` is ``value`` or more"; age is computed from the year of birth."""
    if fact == "age":
        return Q(member__birth_year__lte=timezone.localdate().year - value)
    return Q(**{f"{COLUMNS[fact]}__gte": value})


def at_most(fact: str, value: int) -> Q:
    """Return the condition "``fact`` is ``value`` or less"."""
    if fact == "age":
        return Q(member__birth_year__gte=timezone.localdate().year - value)
    return Q(**{f"{COLUMNS[fact]}__lte": value})


def lives_in(code: str) -> Q:
    """Return the condition "lives in the region ``code`` or a region inside it"."""
    return Q(region__code__startswith=region_beginning(code))


def _wishes_of(seeker: SingleProfile, *, hard_alone: bool = False) -> Q:
    """Return the wishes of ``seeker`` as a condition on others."""
    found = Q()
    for wish in BOUNDS:
        if hard_alone and not getattr(seeker, wish.hard):
            continue
        lowest, highest = getattr(seeker, wish.lowest), getattr(seeker, wish.highest) if wish.highest else None
        if lowest is not None:
            found &= at_least(wish.fact, lowest)
        if highest is not None:
            found &= at_most(wish.fact, highest)
    if seeker.wish_region_id and (seeker.wish_region_hard or not hard_alone):
        found &= lives_in(seeker.wish_region_id)
    return found


def _wishes_allow(seeker: SingleProfile) -> Q:
    """Return the condition that a row's hard wishes do not exclude ``seeker``."""
    facts = {
        "age": seeker.age_in(timezone.localdate().year),
        "height": seeker.height_cm,
        "education": seeker.education,
    }
    found = Q()
    for wish in BOUNDS:
        value, open_ended = facts[wish.fact], Q(**{wish.lowest: None})
        above = open_ended if value is None else open_ended | Q(**{f"{wish.lowest}__lte": value})
        if wish.highest:
            open_ended = Q(**{wish.highest: None})
            above &= open_ended if value is None else open_ended | Q(**{f"{wish.highest}__gte": value})
        found &= Q(**{wish.hard: False}) | above
    around = regions_around(seeker.region_id or "")
    return found & (Q(wish_region_hard=False) | Q(wish_region=None) | Q(wish_region__in=around))
