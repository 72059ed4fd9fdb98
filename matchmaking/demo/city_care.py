"""Profiles, volunteer matchmakers, cases and introductions of the demo's other cities."""

from datetime import timedelta

from django.utils import timezone

from matchmaking.choices.cases import CaseBlock, ContactKind
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.profiles import ProfileState, VettedBy
from matchmaking.demo.matchmakers import introduction_bring
from matchmaking.demo.sayings import FEEDBACK, MOTIVES, NOTES, OBJECTIONS, REPORTS, SPEAKS, STEPS
from matchmaking.demo.singles import profile_make, safety_make
from matchmaking.models import HobbyTag, MatchCase, SingleProfile, Volunteer
from matchmaking.selectors.introductions import introduction_suggestions
from matchmaking.services.cases import case_contact_set, case_update, cases_assign, contact_add
from matchmaking.services.introductions import introduction_propose
from matchmaking.services.volunteers import (
    volunteer_activate,
    volunteer_apply,
    volunteer_create,
    volunteer_pledge,
    volunteer_rest,
    volunteer_train,
)

# By the size of a city: number of profiles that end in each state; the first singles are active.
STATES = ("active", "verified", "paused", "unit_vetting", "matched", "refused", "draft", "exited")
PLANNED = {3: (10, 1, 1, 2, 1, 1, 1, 1), 2: (7, 1, 1, 2, 0, 1, 1, 1), 1: (5, 1, 0, 1, 1, 1, 1, 0)}
# Singles in the other states sign up for nothing.
SINGLE = ("active", "verified", "paused")
# The state that each volunteer reaches.
HELPERS = {
    3: ("active", "active", "resting", "trained", "pledged"),
    2: ("active", "active", "resting", "pledged"),
    1: ("active", "active", "trained"),
}
# Days until the next step of the first cases of a city is due: one overdue, one to come.
FIRST_DUE = (-3, 4)
INTRODUCTIONS = {3: 6, 2: 4, 1: 3}
ENDS = (
    IntroductionState.ASKED,
    IntroductionState.AGREED,
    IntroductionState.TOGETHER,
    IntroductionState.MET,
    IntroductionState.NOT_AGREED,
    IntroductionState.ENDED,
)
OVER = (IntroductionState.NOT_AGREED, IntroductionState.ENDED)


def care_load(town):
    """Load everything of this module for a city."""
    profiles(town)
    resting = [volunteer(town, *one) for one in enumerate(zip(town.helpers, HELPERS[town.size], strict=True))]
    if town.size > 2:
        applicant = town.members[town.singles[-1].person.phone]
        volunteer_apply(member=applicant, motive=town.word(MOTIVES))
    cases_assign(organization=town.organization, actor=town.cadre)
    cases = MatchCase.objects.filter(volunteer__organization=town.organization)
    cases = list(cases.select_related("profile__member", "volunteer__member").order_by("pk"))
    care(town, cases)
    introductions(town, cases)
    for row in filter(None, resting):
        volunteer_rest(volunteer=row, actor=town.cadre)
    cases_assign(organization=town.organization, actor=town.cadre)


def profiles(town):
    """Create profiles in all states: some have waited days for vetting, some were not edited for long."""
    hobbies = list(HobbyTag.objects.all())
    states = [state for state, count in zip(STATES, PLANNED[town.size], strict=True) for _ in range(count)]
    number = sum(state in SINGLE for state in states)
    people = [*town.singles[:number], *town.others]
    # The first of the others asks their own unit, whose chair has an account in one of the cities.
    asks = town.others[0]
    made = [
        profile_make(
            town.rng,
            town.members[single.person.phone],
            ProfileState(state),
            hobbies,
            vetted_by=VettedBy.UNIT if single is asks else None,
        )
        for single, state in zip(people, states, strict=False)
    ]
    safety_make(made, blocks=town.size, report=town.word(REPORTS), objection=town.word(OBJECTIONS))
    now = timezone.now()
    for number, row in enumerate(made):
        seen = now - timedelta(days=(number * 11 + town.number * 7) % 54, hours=number)
        SingleProfile.objects.filter(pk=row.pk).update(created_at=now - timedelta(days=150 - number), edited_at=seen)
        if row.state == ProfileState.UNIT_VETTING:
            asked = now - timedelta(days=(number * 3 + town.number) % 10)
            SingleProfile.objects.filter(pk=row.pk).update(submitted_at=asked)


def volunteer(town, number, who):
    """Take a volunteer on and as far as their goal; return the volunteer if the goal is resting."""
    member, goal = who
    row = volunteer_create(actor=town.cadre, organization=town.organization, member=member, most=12 + number * 2)
    row = volunteer_pledge(volunteer=row, actor=member)
    if goal == "pledged":
        return None
    trained_on = timezone.localdate() - timedelta(days=70 + 9 * number + town.number)
    row = volunteer_train(volunteer=row, actor=town.cadre, trained_on=trained_on, most=row.most)
    if goal == "trained":
        return None
    row = volunteer_activate(volunteer=row, actor=town.chair)
    Volunteer.objects.filter(pk=row.pk).update(valid_from=trained_on)
    return row if goal == "resting" else None


def care(town, cases):
    """Give cases next steps (due, overdue, to come), a contact log and the consent to be called.

    Some cases have had no contact for long, some are new.
    """
    today, now = timezone.localdate(), timezone.now()
    steps, notes = town.words(STEPS), town.words(NOTES)
    blocks = (CaseBlock.NONE, CaseBlock.NONE, CaseBlock.WAITING_FOR_HER, CaseBlock.NO_MATCH, CaseBlock.PROFILE)
    for number, case in enumerate(cases):
        turn, first = number + town.number, number < len(FIRST_DUE)
        MatchCase.objects.filter(pk=case.pk).update(opened_on=today - timedelta(days=20 + turn * 5 % 60))
        if turn % 7 == 6 and not first:
            continue
        helper = case.volunteer.member
        case_update(
            case=case,
            actor=helper,
            version=case.version,
            next_action=next(steps),
            next_due=today + timedelta(days=FIRST_DUE[number] if first else turn * 5 % 14 - 4),
            block=blocks[turn % len(blocks)],
        )
        for step in range(1 + turn % 2):
            contact_add(
                case=case,
                actor=helper,
                kind=list(ContactKind)[(turn + step) % len(ContactKind)],
                words=next(notes),
                at=now - timedelta(days=turn * 3 % 17 + step * 12, hours=2 + step),
            )
        if turn % 3:
            case_contact_set(member=case.profile.member, agree=True)


def introductions(town, cases):
    """Create introductions in all states as far as there are people.

    A person whose last introduction is over may be asked again.
    """
    made, busy = 0, set()
    goals, speaks, feedback = (town.words(words) for words in (ENDS, SPEAKS, FEEDBACK))
    for case in cases:
        if made == INTRODUCTIONS[town.size]:
            return
        if case.profile_id in busy:
            continue
        found = (one.profile for one in introduction_suggestions(case.profile))
        other = next((one for one in found if one.pk not in busy), None)
        if other is None:
            continue
        goal = next(goals)
        if goal not in OVER:
            busy |= {other.pk, case.profile_id}
        row = introduction_propose(case=case, profile=other, actor=case.volunteer.member, words=next(speaks))
        introduction_bring(row, goal, made + town.number, told=next(feedback))
        made += 1
