"""Selectors for singles: cards, reasons, suggestions, and plans of introductions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import Pool
from matchmaking.choices.profiles import UNSEEN, ProfileState
from matchmaking.introductions import WEIGHTS, Card, Reason, Score, best_introductions, score, score_matrix
from matchmaking.models import Block, HobbyTag, Introduction, MatchEvent, ProfilePhoto, ScoreWeight, SingleProfile
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.text import listed
from portal.members.models import Member
from portal.organizations.selectors import working_calendar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from matchmaking.querysets.profiles import SingleProfileQuerySet

SUGGESTED = 8
LOOKED_AT = 400
MOST_PLANNED = 2000
REASONS = {
    "age_wish": _("your ages match both your wishes"),
    "height_wish": _("height matches your wishes"),
    "education_wish": _("education matches your wishes"),
    "region_wish": _("lives where you want"),
    "near_county": _("you live in the same district"),
    "near_city": _("you live in the same city"),
}


@dataclass(frozen=True)
class SingleCard:
    """A profile as another single may see it."""

    profile: SingleProfile
    age: int | None
    hobbies: tuple[str, ...]
    photos: tuple[ProfilePhoto, ...]
    unit: str
    reasons: tuple[StrOrPromise, ...] = ()
    percent: int | None = None
    fits_all: bool = True


def weights() -> dict[str, int]:
    """Return the weight of each criterion of the score, by key."""
    return WEIGHTS | dict(ScoreWeight.objects.values_list("key", "weight"))


def own_profile(member: Member) -> SingleProfile | None:
    """Return the member's own profile, or None.

    It is annotated with ``searching``: whether the member may look for others now.
    """
    rows = SingleProfile.objects.own(member).with_searching()
    return rows.select_related("member__organization", "region", "wish_region", "vetting_organization").first()


def with_parts(profiles: SingleProfileQuerySet, seeker: SingleProfile) -> SingleProfileQuerySet:
    """Prefetch what the cards of ``profiles`` show: hobbies, and the photos that ``seeker`` may see."""
    photos = ProfilePhoto.objects.on_cards_for(seeker).order_by("order", "pk")
    return profiles.for_list().prefetch_related(
        Prefetch("hobbies", queryset=HobbyTag.objects.filter(active=True)),
        Prefetch("photos", queryset=photos, to_attr="shown_photos"),
    )


def single_card(profile: SingleProfile, **more: Any) -> SingleCard:
    """Return the card of a profile that was fetched by ``with_parts``."""
    return SingleCard(
        profile=profile,
        age=profile.age_in(timezone.localdate().year),
        hobbies=tuple(tag.name for tag in profile.hobbies.all()),
        photos=tuple(profile.shown_photos),  # type: ignore[attr-defined]  # by with_parts
        unit=unit.label if profile.unit_shown and (unit := profile.member.organization) else "",
        fits_all=getattr(profile, "fits_all", True),
        **more,
    )


def comparable(profile: SingleProfile, number: int | None = None) -> Card:
    """Return the facts and wishes of a profile that are compared; its hobbies must be prefetched."""
    return Card(
        number=number or profile.pk,
        sex=profile.member.sex,
        age=profile.age_in(timezone.localdate().year),
        height=profile.height_cm,
        education=profile.education,
        region=profile.region_id or "",
        hobbies=frozenset(tag.pk for tag in profile.hobbies.all()),
        age_wish=(profile.wish_age_from, profile.wish_age_to, profile.wish_age_hard),
        height_wish=(profile.wish_height_from, profile.wish_height_to, profile.wish_height_hard),
        education_wish=(profile.wish_education, None, profile.wish_education_hard),
        region_wish=(profile.wish_region_id or "", profile.wish_region_hard),
    )


def score_of(mine: SingleProfile, other: SingleProfile) -> Score | None:
    """Return the score of two profiles, or None where a hard wish rules the match out.

    Both profiles must be fetched with their hobbies.
    """
    return score(comparable(mine), comparable(other), weights())


def answers(profile: SingleProfile) -> list[tuple[StrOrPromise, object]]:
    """Return a single's own facts and wishes, as pairs of label and value, for a last check."""
    hard = lambda name: f" · {_('required')}" if getattr(profile, f"wish_{name}_hard") else ""  # noqa: E731

    def between(lowest: int | None, highest: int | None) -> str:
        if lowest is None and highest is None:
            return ""
        return f"{'' if lowest is None else lowest}–{'' if highest is None else highest}"

    def marked(words: str, name: str) -> str:
        return f"{words}{hard(name)}" if words else ""

    return [
        (_("Nickname"), profile.nickname),
        (_("About me"), profile.about),
        (_("Age"), profile.age_in(timezone.localdate().year)),
        (_("Where I live"), profile.region.name if profile.region else ""),
        (_("Height in cm"), profile.height_cm),
        (_("Education"), profile.get_education_display() if profile.education else ""),
        (_("Kind of work"), profile.occupation),
        (_("Hobbies"), listed(tag.name for tag in profile.hobbies.all())),
        (_("Photos"), profile.photos.count()),
        (_("Whom I hope to meet"), profile.hopes),
        (_("Desired age"), marked(between(profile.wish_age_from, profile.wish_age_to), "age")),
        (_("Desired height"), marked(between(profile.wish_height_from, profile.wish_height_to), "height")),
        (
            _("Education at least"),
            marked(profile.get_wish_education_display() if profile.wish_education else "", "education"),
        ),
        (_("Lives in"), marked(profile.wish_region.name if profile.wish_region else "", "region")),
        (_("Hidden from my own unit"), _("yes") if profile.hidden_from_own_unit else _("no")),
        (_("Who sees my photos"), profile.get_photo_audience_display()),
        (_("Verified singles may see my unit's name"), _("yes") if profile.unit_shown else _("no")),
    ]


def profile_counts(profiles: SingleProfileQuerySet) -> list[tuple[str, StrOrPromise, int]]:
    """Return how many of ``profiles`` are in each state, as (state, label, number)."""
    counts = dict(profiles.order_by().values_list("state").annotate(n=Count("pk")))
    shown = [state for state in ProfileState if state not in UNSEEN]
    return [(state.value, state.label, counts.get(state.value, 0)) for state in shown]


def vetting_due(profile: SingleProfile) -> date:
    """Return the day by which the vetting of ``profile`` is due."""
    asked = timezone.localdate(profile.submitted_at)
    return working_calendar().add_working_days(asked, settings.MATCHMAKING_VETTING_WORKING_DAYS).day


def reasons_in_words(found: Iterable[Reason], names: Mapping[int, str]) -> tuple[StrOrPromise, ...]:
    """Return the reasons of a score as sentences; ``names`` maps hobbies to their names."""
    words: list[StrOrPromise] = []
    for code, details in found:
        if code == "hobbies":
            shared = [str(names[pk]) for pk in details if pk in names]
            words.append(_("both like %(hobbies)s") % {"hobbies": listed(shared)})
        else:
            words.append(REASONS[code])
    return tuple(words)


def hobby_names() -> dict[int, str]:
    return dict(HobbyTag.objects.values_list("pk", "name"))


def suggestions(seeker: SingleProfile) -> list[SingleCard]:
    """Return the best-scored cards for ``seeker``, each with its reasons.

    There are none once the seeker has switched suggestions off, and a single who switched them off is suggested to
    nobody. Of the profiles that the seeker finds, only those edited last are scored.
    """
    if not seeker.suggestions_on:
        return []
    mine, counted = comparable(seeker), weights()
    known = Introduction.objects.filter(
        Q(one=seeker, two=OuterRef("pk"), one_kept=False) | Q(two=seeker, one=OuterRef("pk"), two_kept=False),
    )
    rows = SingleProfile.objects.findable_by(seeker).filter(suggestions_on=True).exclude(Exists(known))
    rows = with_parts(rows, seeker).order_by("-edited_at", "-pk")[:LOOKED_AT]
    scored = [(found, row) for row in rows if (found := score(mine, comparable(row), counted)) is not None]
    scored.sort(key=lambda pair: (-pair[0].points, pair[1].pk))
    return [
        single_card(row, reasons=reasons_of(found, row), percent=found.percent) for found, row in scored[:SUGGESTED]
    ]


def reasons_of(found: Score, row: SingleProfile) -> tuple[StrOrPromise, ...]:
    """Return the reasons of a score in words.

    The hobbies of ``row`` are enough to name shared ones, since both people have them.
    """
    return reasons_in_words(found.reasons, {tag.pk: tag.name for tag in row.hobbies.all()})


@dataclass(frozen=True)
class Proposal:
    """One proposed introduction: both people by number and nickname only, its score and reasons."""

    man: str
    woman: str
    percent: int
    reasons: tuple[StrOrPromise, ...]


@dataclass(frozen=True)
class Plan:
    """The introductions with the highest total score, and how many people stay without one."""

    proposals: tuple[Proposal, ...]
    men: int
    women: int

    @property
    def alone(self) -> int:
        return self.men + self.women - 2 * len(self.proposals)


@dataclass(frozen=True)
class Planned:
    """One person of a plan: what is compared, the label, and the ids of member and profile."""

    card: Card
    label: str
    member_id: int
    profile_id: int | None = None


def plan_of_profiles(profiles: SingleProfileQuerySet) -> Plan:
    """Return the plan for ``profiles``, a queryset the reader may see."""
    rows = list(profiles.select_related("member").prefetch_related("hobbies").order_by("pk")[: MOST_PLANNED + 1])
    people = [Planned(comparable(row), f"{row.pk} · {row.nickname}", row.member_id, row.pk) for row in rows]
    return _plan(people)


def plan_of_event(event: MatchEvent, actor: Member) -> Plan:
    """Return the plan for the confirmed participants of ``event``, by card number.

    Only profile facts that ``actor`` may know are used. A single who hides from the actor counts by the card of the
    event alone.
    """
    signups = list(event.signups.confirmed().select_related("member").order_by("place")[: MOST_PLANNED + 1])
    profiles = (
        SingleProfile.objects.visible_to(actor)
        .exclude(state__in=UNSEEN)
        .filter(member__in=[row.member_id for row in signups])
        .select_related("member")
        .prefetch_related("hobbies")
    )
    known = {row.member_id: row for row in profiles}
    people = []
    for row in signups:
        profile = known.get(row.member_id)
        sex = Sex.MALE if row.pool == Pool.MEN else Sex.FEMALE
        card = comparable(profile) if profile else Card(number=row.pk, sex=sex, age=row.age)
        people.append(Planned(card, row.number, row.member_id, profile.pk if profile else None))
    return _plan(people)


def _plan(people: list[Planned]) -> Plan:
    if len(people) > MOST_PLANNED:
        raise DomainError(
            _("A plan can have at most %(count)s people. Choose a smaller region.") % {"count": f"{MOST_PLANNED:,}"},
            code="too-many",
        )
    men = [one for one in people if one.card.sex == Sex.MALE]
    women = [one for one in people if one.card.sex == Sex.FEMALE]
    if not men or not women:
        return Plan((), len(men), len(women))
    counted, names = weights(), hobby_names()
    points = score_matrix([one.card for one in men], [one.card for one in women], counted)
    rows = {one.member_id: row for row, one in enumerate(men)}
    columns = {one.member_id: column for column, one in enumerate(women)}
    for one, other in kept_apart(people):
        if one in rows and other in columns:
            points[rows[one], columns[other]] = -1
    chosen = best_introductions(men, women, points)
    proposals = []
    for man, woman, _points in sorted(chosen, key=lambda pair: (-pair[2], pair[0].card.number)):
        found = score(man.card, woman.card, counted)
        assert found is not None, "no hard wish stands between those who are chosen"
        proposals.append(Proposal(man.label, woman.label, found.percent, reasons_in_words(found.reasons, names)))
    return Plan(tuple(proposals), len(men), len(women))


def kept_apart(people: Collection[Planned]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of members who must not be introduced, in both orders.

    One of them blocks the other or hides from the other's organisation, or they have been asked already.
    """
    members = [one.member_id for one in people]
    profiles = [one.profile_id for one in people if one.profile_id]
    pairs = list(Block.objects.filter(blocker__in=members, blocked__in=members).values_list("blocker_id", "blocked_id"))
    pairs += Introduction.objects.filter(one__in=profiles, two__in=profiles).values_list(
        "one__member_id", "two__member_id"
    )
    pairs += _hidden_pairs(members, profiles)
    for one, other in pairs:
        yield one, other
        yield other, one


def _hidden_pairs(members: Collection[int], profiles: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield (hiding member, other member): by their own unit, and by the organisations they named."""
    hidden = SingleProfile.objects.filter(pk__in=profiles)
    rows = Member.objects.filter(pk__in=members)
    places: dict[int, str] = {}
    at: dict[int | None, list[int]] = {}
    for pk, unit, path in rows.values_list("pk", "organization_id", "organization__path"):
        places[pk] = path or ""
        at.setdefault(unit, []).append(pk)
    for pk, unit in hidden.filter(hidden_from_own_unit=True).values_list("member_id", "member__organization_id"):
        yield from ((pk, other) for other in at.get(unit, ()) if other != pk)
    for pk, path in hidden.exclude(hidden_from=None).values_list("member_id", "hidden_from__path"):
        yield from ((pk, other) for other, lies in places.items() if other != pk and lies.startswith(path))
