"""Querysets of profiles of singles: which rows a reader may see."""

from __future__ import annotations

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
    """Profiles by the unit of the person.

    A single who hides from her unit is not there for anybody who belongs to it or holds a duty at it: with a county
    chair and the chair of her own unit at /1/14/203/, ``visible_to`` shows her to the county chair alone. The same
    holds for every unit she named and what lies below it. Drafts and those who left are seen by nobody else.
    """

    area = Area.MATCHMAKING
    path_lookup = "member__organization__path"

    def own(self, member: Member) -> Self:
        """Her own profile, in whatever state."""
        return self.filter(member=member)

    def visible_to(self, actor: Member) -> Self:
        return super().visible_to(actor).exclude(state__in=UNSEEN).hidden_away_from(actor)

    def overseen_by(self, actor: Member) -> Self:
        """What the desk lists: profiles of those who edit matchmaking above the units, never in a unit itself."""
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
        """Leave out profiles hidden from the reader's unit and from the places of her duties, in one query.

        Signed in by phone alone she uses no duty, yet hides none: a place she serves stays one that is hidden from.
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
        """Return those of the named ``places`` that the row one query further out lies in or below."""
        lies = models.ExpressionWrapper(OuterRef(path), output_field=models.CharField())
        named: models.QuerySet[Any] = places.annotate(_lies=lies)
        return named.filter(_lies__startswith=F("organization__path"))

    def to_vet(self, actor: Member) -> Self:
        """Profiles that wait for the word of an organisation at which she approves; never her own."""
        reach = within(_paths(actor, Capability.APPROVE), "vetting_organization__path")
        if reach is None:
            return self.none()
        return self.filter(reach, state=ProfileState.UNIT_VETTING).exclude(member=actor)

    def standing(self) -> Self:
        """Profiles of people who may take part in what is for singles today; the one rule, for events and for search.

        Declared single, confirmed in the unit she belongs to until a day that has not come, free to sign in, neither
        held after a report nor engaged, married or in a group wedding as the portal has it. Whatever ends one of these
        takes her out at once; no task need have run.
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
        """Return why ``member``, who has no standing, has none: for the person's own eyes."""
        profile = self.filter(member=member).first()
        people = member._meta.model._default_manager.filter(pk=member.pk)
        return standing_words(profile, any(people.filter(one).exists() for one in settled("pk")))

    def searchable(self) -> Self:
        """Profiles that may be found today: of people with standing who let others find them."""
        return self.standing().filter(state=ProfileState.ACTIVE)

    def findable_by(self, seeker: SingleProfile) -> Self:
        """Profiles that ``seeker`` (a profile) may be shown, and whose owners may be shown hers: the one rule.

        Both are searchable today and of different sex; the hard wishes of both hold; neither blocks the other or hides
        from a place of the other. Whoever is found finds back. Unknown facts do not fit a hard wish.
        """
        rows = self.searchable().filter(Exists(self.model._default_manager.searchable().filter(pk=seeker.pk)))
        rows = rows.exclude(pk=seeker.pk).exclude(member__sex=seeker.member.sex)
        rows = rows.filter(_wishes_of(seeker, hard_alone=True)).filter(_wishes_allow(seeker))
        return rows.not_blocked_with(seeker.member).hidden_away_from(seeker.member).not_hidden_from_by(seeker)

    def asked_about(self, seeker: SingleProfile) -> Self:
        """Profiles ``seeker`` is asked about, or has agreed to meet, and that may be shown to each other still.

        Their card stays at hand whatever either wishes by now; it goes the moment one may not be found any more (by a
        pause, a hidden place, a block, a word that ran out), which the introduction itself does not show.
        """
        introductions = apps.get_model("matchmaking", "Introduction").objects.live()
        asked = introductions.put_before(seeker).filter(Q(one=OuterRef("pk")) | Q(two=OuterRef("pk")))
        able = self.model._default_manager.standing().filter(pk=seeker.pk)
        rows = self.searchable().filter(Exists(asked), Exists(able)).not_blocked_with(seeker.member)
        return rows.hidden_away_from(seeker.member).not_hidden_from_by(seeker)

    def with_fit(self, seeker: SingleProfile) -> Self:
        """Annotate ``fits_all``: she fits every wish of ``seeker``."""
        wishes = _wishes_of(seeker)
        fit = models.Case(models.When(wishes, then=True), default=False) if wishes else models.Value(True)
        return self.annotate(fits_all=models.ExpressionWrapper(fit, output_field=models.BooleanField()))

    def not_blocked_with(self, member: Member) -> Self:
        """Leave out people whom ``member`` blocked and who blocked her."""
        return self.exclude(blocked_with(member.pk))

    def not_hidden_from_by(self, seeker: SingleProfile) -> Self:
        """Leave out people who belong to, or hold a duty at, a place from which ``seeker`` hides."""
        named = self.model.hidden_from.through.objects.filter(singleprofile_id=seeker.pk)
        at = Q(Exists(self._named(named)))
        rows = self.exclude(Exists(self._named(named, "member__organization__path")))
        if seeker.hidden_from_own_unit:
            at |= Q(organization=seeker.member.organization_id)
            rows = rows.exclude(member__organization=seeker.member.organization_id)
        duties = apps.get_model("members", "Duty").objects.current().filter(at, member=OuterRef("member_id"))
        return rows.exclude(Exists(duties))

    def with_searching(self) -> Self:
        """Annotate ``searching``: the profile may be found today, and so may look for others."""
        searchable = self.model._default_manager.searchable().filter(pk=OuterRef("pk"))
        return self.annotate(searching=Exists(searchable))

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "region")


def settled(person: str) -> list[Exists]:
    """Return conditions, any of which says that ``person`` (a column of the row) is engaged or married here.

    Both of a pair have said so, or both of a couple have confirmed that they want to be wed, or are. One condition for
    each side, so that each is an anti-join of its own.
    """
    pairs = apps.get_model("matchmaking", "Pair").objects.order_by().filter(state__in=SETTLED_PAIRS)
    couples = apps.get_model("matchmaking", "WeddingCouple").objects.order_by().exclude(partner=None)
    couples = couples.filter(Q(state__in=CONFIRMED_COUPLES) | Q(registered_on__isnull=False))
    couples = couples.exclude(state=CoupleState.ASKED)
    me = OuterRef(person)
    return [
        Exists(pairs.filter(one__member=me)),
        Exists(pairs.filter(two__member=me)),
        Exists(couples.filter(asker=me)),
        Exists(couples.filter(partner=me)),
    ]


def with_standing(rows: Rows) -> Rows:
    """Return those of ``rows`` whose ``member`` may take part in what is for singles today."""
    profiles = apps.get_model("matchmaking", "SingleProfile").objects.standing()
    return rows.filter(Exists(profiles.filter(member=OuterRef("member_id"))))


def blocked_with(member_id: int, person: str = "member_id") -> Exists:
    """Return the condition that a row's ``person`` blocked this member, or this member that person."""
    blocks = apps.get_model("matchmaking", "Block").objects
    return Exists(
        blocks.filter(Q(blocker=member_id, blocked=OuterRef(person)) | Q(blocker=OuterRef(person), blocked=member_id))
    )


def _paths(actor: Member, capability: Capability) -> Collection[str]:
    return actor.reach(Area.MATCHMAKING, capability) if getattr(actor, "is_authenticated", False) else []


COLUMNS = {"height": "height_cm", "education": "education"}


def at_least(fact: str, value: int) -> Q:
    """Return the condition "``fact`` is ``value`` or more"; age counts by the year of birth."""
    if fact == "age":
        return Q(member__birth_year__lte=timezone.localdate().year - value)
    return Q(**{f"{COLUMNS[fact]}__gte": value})


def at_most(fact: str, value: int) -> Q:
    """Return the condition "``fact`` is ``value`` or less"."""
    if fact == "age":
        return Q(member__birth_year__gte=timezone.localdate().year - value)
    return Q(**{f"{COLUMNS[fact]}__lte": value})


def lives_in(code: str) -> Q:
    """Return the condition "lives in the region ``code`` or inside it"."""
    return Q(region__code__startswith=region_beginning(code))


def _wishes_of(seeker: SingleProfile, *, hard_alone: bool = False) -> Q:
    """Return what ``seeker`` wishes as a condition on others."""
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
    """Return the condition that nobody's hard wish keeps ``seeker`` away."""
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
