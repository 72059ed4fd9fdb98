"""Whom a matchmaker may introduce to one of her people, what the two see of each other, and counts for the desk."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking import consents
from matchmaking.choices import Answer, IntroductionState
from matchmaking.models import Block, Introduction, MeetingFeedback, SingleProfile
from portal.members.models import Consent, Duty

SUGGESTED = 8
LOOKED_AT = 400
NOT_AGAIN_DAYS = 180
FEEDBACK_HOURS = 72
DONE = (IntroductionState.NOT_AGREED, IntroductionState.ENDED)


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may suit: her profile, how well she suits (0 to 100), and why."""

    profile: SingleProfile
    age: int | None
    percent: int
    reasons: tuple


def age_of(profile):
    """Return the age she reaches this year, or None: the day stays private."""
    born = profile.member.birth_year
    return timezone.localdate().year - born if born else None


def may_meet(profile):
    """Return the profiles that may be shown to ``profile`` and to whose owners hers may be shown.

    Both can be found today, neither blocks the other or hides from a place of the other, and what must hold for
    either holds.
    """
    rows = SingleProfile.objects.searchable().exclude(pk=profile.pk).exclude(member__sex=profile.member.sex)
    rows = rows.filter(Exists(SingleProfile.objects.searchable().filter(pk=profile.pk)))
    me = profile.member
    apart = Block.objects.filter(
        Q(blocker=me, blocked=OuterRef("member_id")) | Q(blocker=OuterRef("member_id"), blocked=me)
    )
    rows = rows.exclude(Exists(apart)).hidden_away_from(me)
    hides_from = set(profile.hidden_from.values_list("pk", flat=True))
    if profile.hidden_from_own_unit and me.organization_id:
        hides_from.add(me.organization_id)
    duties = Duty.objects.current().filter(organization__in=hides_from, member=OuterRef("member_id"))
    rows = rows.exclude(member__organization__in=hides_from).exclude(Exists(duties))
    return rows.filter(_hard_wishes_of(profile)).filter(_hard_wishes_allow(profile))


def _hard_wishes_of(profile):
    """Return what must hold of others for ``profile``; an unknown fact does not fit."""
    year, found = timezone.localdate().year, Q()
    if profile.wish_age_hard:
        if profile.wish_age_from is not None:
            found &= Q(member__birth_year__lte=year - profile.wish_age_from)
        if profile.wish_age_to is not None:
            found &= Q(member__birth_year__gte=year - profile.wish_age_to)
    if profile.wish_height_hard:
        if profile.wish_height_from is not None:
            found &= Q(height_cm__gte=profile.wish_height_from)
        if profile.wish_height_to is not None:
            found &= Q(height_cm__lte=profile.wish_height_to)
    if profile.wish_education_hard and profile.wish_education is not None:
        found &= Q(education__gte=profile.wish_education)
    if profile.wish_region_hard and profile.wish_region_id:
        found &= Q(region_id__startswith=_beginning(profile.wish_region_id))
    return found


def _hard_wishes_allow(profile):
    """Return the condition that nothing that must hold for others keeps ``profile`` away."""
    facts = {"age": age_of(profile), "height": profile.height_cm, "education": profile.education}
    found = Q()
    for fact, ends in (("age", ("_from", "_to")), ("height", ("_from", "_to")), ("education", ("",))):
        for end, compare in zip(ends, ("lte", "gte"), strict=False):
            bound = f"wish_{fact}{end}"
            fits = Q(**{f"{bound}__isnull": True})
            if facts[fact] is not None:
                fits |= Q(**{f"{bound}__{compare}": facts[fact]})
            found &= Q(**{f"wish_{fact}_hard": False}) | fits
    code = profile.region_id or ""
    around = [f"{code[:2]}0000", f"{code[:4]}00", code] if code else []
    return found & (Q(wish_region_hard=False) | Q(wish_region=None) | Q(wish_region__in=around))


def _beginning(code):
    """Return the digits all regions inside ``code`` begin with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def asked_before(profile):
    """Return the ids of profiles that are being introduced to ``profile`` or were not long ago."""
    since = timezone.now() - timedelta(days=NOT_AGAIN_DAYS)
    rows = Introduction.objects.filter(Q(one=profile) | Q(two=profile))
    rows = rows.filter(Q(created_at__gt=since) | ~Q(state__in=DONE))
    return {pk for pair in rows.values_list("one_id", "two_id") for pk in pair} - {profile.pk}


def introduction_suggestions(profile, *, limit=SUGGESTED):
    """Return who suits ``profile`` best, best first, each with reasons: what the matchmaker starts from."""
    rows = may_meet(profile).exclude(pk__in=asked_before(profile)).for_list().prefetch_related("hobbies")
    mine = {tag.pk for tag in profile.hobbies.all()}
    found = [_suggestion(profile, mine, row) for row in rows.order_by("-edited_at", "-pk")[:LOOKED_AT]]
    found.sort(key=lambda one: (-one.percent, one.profile.pk))
    return found[:limit]


def _suggestion(profile, mine, other):
    shared = [tag.name for tag in other.hobbies.all() if tag.pk in mine]
    points, reasons = min(len(shared), 3) * 15, []
    if shared:
        reasons.append(_("both like %(hobbies)s") % {"hobbies": "、".join(shared)})
    if profile.region_id and other.region_id and profile.region_id[:4] == other.region_id[:4]:
        same = profile.region_id == other.region_id
        points += 25 if same else 15
        reasons.append(_("both live in the same district") if same else _("both live in the same city"))
    ages = (age_of(profile), age_of(other))
    if None not in ages:
        apart = abs(ages[0] - ages[1])
        points += max(0, 30 - 3 * apart)
        if apart <= 3:
            reasons.append(_("close in age"))
    return Suggestion(other, ages[1], min(points, 100), tuple(reasons))


@dataclass(frozen=True)
class IntroductionView:
    """An introduction as one of the two sees it: the other's card, her own answer, and name and phone once both agreed.

    Of the other's answer there is nothing here: before both have said yes it is nobody's to know.
    """

    row: Introduction
    other: SingleProfile
    age: int | None
    my_answer: str
    i_agreed: bool
    name: str
    phone: str
    feedback: MeetingFeedback | None
    feedback_due: object

    @property
    def open(self):
        return bool(self.name)

    @property
    def asks_me(self):
        return self.row.state == IntroductionState.ASKED and timezone.now() < self.row.answer_by

    @property
    def agreed(self):
        return self.row.state in (IntroductionState.AGREED, IntroductionState.MET, IntroductionState.TOGETHER)

    @property
    def to_tell(self):
        """Whether her word about the meeting is still to come."""
        met = self.agreed and self.row.meets_at is not None and self.row.meets_at <= timezone.now()
        return met and self.feedback is None


def feedback_due(row):
    """Return until when both say how the meeting was; None while no time is set."""
    return row.meets_at + timedelta(hours=FEEDBACK_HOURS) if row.meets_at else None


def introduction_view(row, member):
    """Return ``row`` as ``member``, who is one of the two, sees it."""
    side, other = row.side(member), row.other(member)
    standing = Consent.objects.standing().filter(purpose=consents.INTRODUCTION_CONTACT.code, about_id=row.pk)
    agreed = set(standing.values_list("member_id", flat=True))
    still_on = row.state in (IntroductionState.AGREED, IntroductionState.MET, IntroductionState.TOGETHER)
    both = still_on and {row.one.member_id, row.two.member_id} <= agreed
    return IntroductionView(
        row=row,
        other=other,
        age=age_of(other),
        my_answer=getattr(row, f"{side}_answer"),
        i_agreed=member.pk in agreed,
        name=other.member.name if both else "",
        phone=other.member.sms_number() if both else "",
        feedback=row.feedback.filter(member=member).first(),
        feedback_due=feedback_due(row),
    )


def own_introductions(member):
    """Return her introductions, those that wait for her first; of a self-asked one nothing tells who asked."""
    rows = list(Introduction.objects.of(member).for_list().order_by("-created_at", "-pk")[:50])
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
        found.append({"row": row, "other": row.other(member), "asked": asked, "tell": tell, "due": feedback_due(row)})
    return sorted(found, key=lambda one: not (one["asked"] or one["tell"]))


@dataclass(frozen=True)
class AreaFigures:
    """How many introductions of the volunteers of one organisation stand in each state."""

    organization: str
    counts: tuple
    volunteers: int
    carried: int

    @property
    def labelled(self):
        return [(state.label, number) for state, number in zip(IntroductionState, self.counts, strict=True)]


def introduction_figures(volunteers):
    """Return counts by organisation of ``volunteers`` (a queryset the reader may see), and the totals by state.

    Numbers alone: who is introduced to whom is known to the two and their matchmaker.
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
