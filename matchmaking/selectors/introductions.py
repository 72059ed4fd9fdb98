"""Selectors for introductions: suggestions for matchmakers, what the two see, counts for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking import consents
from matchmaking.choices.introductions import Answer, IntroductionState
from matchmaking.introductions import score
from matchmaking.models import Introduction, MeetingFeedback, ProfilePhoto, SingleProfile
from matchmaking.selectors.profiles import comparable, hobby_names, reasons_in_words, reasons_of, score_of, weights
from portal.members.models import Consent, Member

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from matchmaking.querysets.volunteers import VolunteerQuerySet

SUGGESTED = 8
LOOKED_AT = 400
NOT_AGAIN_DAYS = 180
FEEDBACK_HOURS = 72
DONE = (IntroductionState.NOT_AGREED, IntroductionState.ENDED)


@dataclass(frozen=True)
class Suggestion:
    """A single who may suit: the profile, how well it suits (0 to 100), and the reasons."""

    profile: SingleProfile
    age: int | None
    percent: int
    reasons: tuple[StrOrPromise, ...]


def age_of(profile: SingleProfile) -> int | None:
    """Return the age that the single reaches this year, or None; the birthday stays private."""
    born = profile.member.birth_year
    return timezone.localdate().year - born if born else None


def asked_before(profile: SingleProfile) -> set[int]:
    """Return the ids of profiles that are or recently were introduced to ``profile``.

    Only introductions that ``profile`` has been shown are counted.
    """
    since = timezone.now() - timedelta(days=NOT_AGAIN_DAYS)
    rows = Introduction.objects.put_before(profile)
    rows = rows.filter(Q(created_at__gt=since) | ~Q(state__in=DONE))
    return {pk for pair in rows.values_list("one_id", "two_id") for pk in pair} - {profile.pk}


def introduction_suggestions(profile: SingleProfile, *, limit: int = SUGGESTED) -> list[Suggestion]:
    """Return the profiles that suit ``profile`` best, the best first, each with reasons.

    A matchmaker starts from this list.
    """
    rows = SingleProfile.objects.findable_by(profile).exclude(pk__in=asked_before(profile))
    rows = rows.for_list().prefetch_related("hobbies").order_by("-edited_at", "-pk")[:LOOKED_AT]
    mine, counted, names = comparable(profile), weights(), hobby_names()
    scored = [(found, row) for row in rows if (found := score(mine, comparable(row), counted)) is not None]
    scored.sort(key=lambda pair: (-pair[0].points, pair[1].pk))
    return [
        Suggestion(row, age_of(row), found.percent, reasons_in_words(found.reasons, names))
        for found, row in scored[:limit]
    ]


@dataclass(frozen=True)
class IntroductionView:
    """An introduction as one of the two sees it.

    While both are asked, it shows the other person's nickname, the reasons that the portal finds for the introduction,
    and the member's own answer. The page is the same whoever proposed the introduction, and whatever the other person
    answers, hides or ends meanwhile. The other person's card is a page of its own, which exists while that person may
    be found. Once both agreed, it shows the card with its photos, and name and phone as far as both pass them on. Once
    it is over, it shows nothing of the other person.
    """

    row: Introduction
    other: SingleProfile
    age: int | None
    photos: tuple[ProfilePhoto, ...]
    reasons: tuple[StrOrPromise, ...]
    i_agreed: bool
    name: str
    phone: str
    feedback: MeetingFeedback | None
    feedback_due: datetime | None

    @property
    def open(self) -> bool:
        return bool(self.name)

    @property
    def asks_me(self) -> bool:
        return self.row.state == IntroductionState.ASKED and timezone.now() < self.row.answer_by

    @property
    def title(self) -> str:
        """The title of the introduction: the nickname while it is active, its day once it is over."""
        return introduction_title(self.row, self.other)

    @property
    def agreed(self) -> bool:
        return self.row.state in (IntroductionState.AGREED, IntroductionState.MET, IntroductionState.TOGETHER)

    @property
    def to_tell(self) -> bool:
        """Whether the member's feedback on the meeting is still missing."""
        met = self.agreed and self.row.meets_at is not None and self.row.meets_at <= timezone.now()
        return met and self.feedback is None


def introduction_title(row: Introduction, other: SingleProfile) -> str:
    """Return the title of an introduction for one of the two; once it is over it hides ``other``."""
    if row.state in DONE:
        day = timezone.localdate(row.created_at).isoformat()
        return _("Introduction of %(day)s") % {"day": day}
    return other.nickname or _("a person who has left")


def feedback_due(row: Introduction) -> datetime | None:
    """Return the deadline for feedback on the meeting; None while no time is set."""
    return row.meets_at + timedelta(hours=FEEDBACK_HOURS) if row.meets_at else None


def introduction_view(row: Introduction, member: Member) -> IntroductionView:
    """Return ``row`` as ``member``, who is one of the two, sees it."""
    side, other = row.side(member), row.other(member)
    standing = Consent.objects.standing().filter(purpose=consents.INTRODUCTION_CONTACT.code, about_id=row.pk)
    agreed = set(standing.values_list("member_id", flat=True))
    still_on = row.state in (IntroductionState.AGREED, IntroductionState.MET, IntroductionState.TOGETHER)
    both = still_on and {row.one.member_id, row.two.member_id} <= agreed
    mine = getattr(row, side)
    found = score_of(mine, other) if row.state == IntroductionState.ASKED else None
    photos = ProfilePhoto.objects.shown_to(mine).filter(profile=other).order_by("order", "pk") if still_on else ()
    return IntroductionView(
        row=row,
        other=other,
        age=age_of(other),
        photos=tuple(photos),
        reasons=reasons_of(found, other) if found else (),
        i_agreed=member.pk in agreed,
        name=other.member.name if both else "",
        phone=other.member.sms_number() if both else "",
        feedback=row.feedback.filter(member=member).first(),
        feedback_due=feedback_due(row),
    )


def own_introductions(member: Member) -> list[dict[str, object]]:
    """Return the member's introductions, those that wait for the member first.

    If one of the two asked for the introduction, nothing shows who it was.
    """
    rows = list(Introduction.objects.shown_to(member).for_list().order_by("-created_at", "-pk")[:50])
    said = set(
        MeetingFeedback.objects.filter(member=member, introduction__in=rows).values_list("introduction", flat=True)
    )
    now = timezone.now()
    found = []
    for row in rows:
        answer = getattr(row, f"{row.side(member)}_answer")
        asked = row.state == IntroductionState.ASKED and answer == Answer.OPEN and now < row.answer_by
        tell = (
            row.state in (IntroductionState.AGREED, IntroductionState.MET, IntroductionState.TOGETHER)
            and row.meets_at is not None
            and row.meets_at <= now
            and row.pk not in said
        )
        title = introduction_title(row, row.other(member))
        found.append({"row": row, "title": title, "asked": asked, "tell": tell, "due": feedback_due(row)})
    return sorted(found, key=lambda one: not (one["asked"] or one["tell"]))


@dataclass(frozen=True)
class AreaFigures:
    """How many introductions of one organisation's volunteers are in each state."""

    organization: str
    counts: tuple[int, ...]
    volunteers: int
    carried: int

    @property
    def labelled(self) -> list[tuple[StrOrPromise, int]]:
        return [(state.label, number) for state, number in zip(IntroductionState, self.counts, strict=True)]


def introduction_figures(
    volunteers: VolunteerQuerySet,
) -> tuple[list[AreaFigures], list[tuple[IntroductionState, int]]]:
    """Return counts by organisation of ``volunteers``, and the totals by state.

    ``volunteers`` is a queryset that the reader may see. Only numbers are returned: who is introduced to whom is known
    to the two and their matchmaker alone.
    """
    states = list(IntroductionState)
    rows = (
        Introduction.objects.filter(volunteer__in=volunteers)
        .order_by()
        .values_list("volunteer__organization", "state")
        .annotate(n=Count("pk"))
    )
    counted = {(organization, state): n for organization, state, n in rows}
    places = (
        volunteers.order_by("organization__path")
        .values_list("organization", "organization__name")
        .annotate(
            people=Count("pk", distinct=True),
            carried=Count("cases", filter=Q(cases__closed_on=None), distinct=True),
        )
    )
    areas = [
        AreaFigures(name, tuple(counted.get((pk, state), 0) for state in states), people, carried)
        for pk, name, people, carried in places
    ]
    totals = [(state, sum(n for (_place, of), n in counted.items() if of == state)) for state in states]
    return areas, totals
