"""Rules for the reminders of matchmaking."""

from datetime import datetime, time, timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.events import BEFORE_CHOICE, EventState
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.profiles import VOUCHED, ProfileState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import (
    Block,
    FollowUp,
    Introduction,
    MatchCase,
    Participation,
    SingleProfile,
    Volunteer,
    WeddingCouple,
)
from matchmaking.selectors.cases import SILENT_DAYS, STALE_DAYS, silent_since, stale_since
from matchmaking.selectors.introductions import FEEDBACK_HOURS
from portal.core.guard import each, of_each
from portal.messaging.choices import Channel
from portal.messaging.planning import Due, Rule
from portal.signups.choices import SignUpState

# After an interruption the planner catches up this far; reminders of older dates are not sent.
LOOK_BACK = timedelta(days=2)
BOTH = (Channel.IN_APP, Channel.SMS)


def _due(row, moment):
    event = row.offering
    return Due(
        about=row,
        to=row.member,
        due_on=timezone.localdate(moment),
        until=moment,
        url=event.get_member_url(),
        context={"title": event.title, "at": moment.isoformat()},
    )


def event_tomorrow(now):
    """Return reminders to confirmed participants, one day before their event begins."""
    rows = Participation.objects.confirmed().filter(
        offering__state__in=(*BEFORE_CHOICE, EventState.CHOICE_OPEN),
        offering__starts_at__gt=now - LOOK_BACK,
        offering__starts_at__lte=now + timedelta(hours=24),
    )
    return each(
        rows.select_related("member", "offering").order_by("pk").iterator(chunk_size=500),
        lambda row: _due(row, row.offering.starts_at),
    )


def choice_closing(now):
    """Return reminders to all confirmed participants, one day before the choice round closes.

    All of them are reminded, because leaving out those who have chosen would reveal who has.
    """
    rows = Participation.objects.confirmed().filter(
        offering__state=EventState.CHOICE_OPEN,
        offering__choice_closes_at__gt=now - LOOK_BACK,
        offering__choice_closes_at__lte=now + timedelta(hours=24),
    )
    return each(
        rows.select_related("member", "offering").order_by("pk").iterator(chunk_size=500),
        lambda row: _due(row, row.offering.choice_closes_at),
    )


def offer_expiring(now):
    """Return reminders to people with an offered place, six hours before the offer expires."""
    rows = Participation.objects.filter(
        state=SignUpState.OFFERED,
        offered_until__gt=now - LOOK_BACK,
        offered_until__lte=now + timedelta(hours=6),
    )
    return each(
        rows.select_related("member", "offering").order_by("pk").iterator(chunk_size=500),
        lambda row: _due(row, row.offered_until),
    )


def consent_due(now):
    """Return reminders to participants who have not consented to a changed purpose.

    They go to confirmed participants, two days before the choice round opens.
    """
    rows = Participation.objects.confirmed().filter(
        offering__state__in=BEFORE_CHOICE,
        offering__choice_opens_at__gt=now,
        offering__choice_opens_at__lte=now + timedelta(hours=48),
        consent_version__lt=F("offering__consent_version"),
    )
    return each(
        rows.select_related("member", "offering").order_by("pk").iterator(chunk_size=500),
        lambda row: _due(row, row.offering.choice_opens_at),
    )


def _end_of(day):
    return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0)))


def follow_up_due(now):
    """Return reminders of due follow-ups to the pair's matchmakers, or else to the planner of the event."""
    today = timezone.localdate(now)
    rows = FollowUp.objects.due().filter(due_on__lte=today, due_on__gt=today - LOOK_BACK)
    people = ("pair__one__matchmaker__member", "pair__two__matchmaker__member", "pair__event__created_by")

    def of_pair(row):
        pair = row.pair
        assigned = [side.matchmaker for side in (pair.one, pair.two) if side.matchmaker_id]
        helpers = {one.member_id: one.member for one in assigned if one.valid_until is None or one.valid_until > today}
        for helper in helpers.values() or [pair.event.created_by]:
            yield Due(
                about=row,
                to=helper,
                due_on=row.due_on,
                until=_end_of(row.due_on + LOOK_BACK),
                url=row.get_absolute_url(),
                context={"title": pair.event.title},
            )

    return of_each(rows.select_related(*people).order_by("pk").iterator(chunk_size=500), of_pair)


def couple_closing(now):
    """Return reminders to people with an unanswered question, a day before applications close.

    The question is whether the other person takes part in a group wedding with them.
    """
    rows = WeddingCouple.objects.filter(
        state=CoupleState.ASKED,
        wedding__state=WeddingState.OPEN,
        wedding__closes_at__gt=now - LOOK_BACK,
        wedding__closes_at__lte=now + timedelta(hours=24),
    )
    return each(
        rows.select_related("asker", "wedding").order_by("pk").iterator(chunk_size=500),
        lambda row: Due(
            about=row,
            to=row.asker,
            due_on=timezone.localdate(row.wedding.closes_at),
            until=row.wedding.closes_at,
            url=reverse("matchmaking:ceremony-detail", args=[row.wedding_id]),
            context={"title": row.wedding.title},
        ),
    )


def confirmation_expiring(now):
    """Return reminders to singles whose confirmation ends within two weeks.

    They can then submit their profile in time.
    """
    today = timezone.localdate(now)
    rows = SingleProfile.objects.filter(
        state__in=(ProfileState.ACTIVE, ProfileState.PAUSED),
        verified_until__gt=today,
        verified_until__lte=today + timedelta(days=14),
    )
    return each(
        rows.select_related("member").order_by("pk").iterator(chunk_size=500),
        lambda row: Due(
            about=row,
            to=row.member,
            due_on=row.verified_until,
            until=timezone.make_aware(datetime.combine(row.verified_until, time.min)),
            url=reverse("matchmaking:single-home"),
            context={"until": row.verified_until.isoformat()},
        ),
    )


RULES = [
    Rule("matchmaking.event_tomorrow", "matchmaking.event_tomorrow", event_tomorrow, BOTH),
    Rule("matchmaking.choice_closing", "matchmaking.choice_closing", choice_closing, BOTH),
    Rule("matchmaking.offer_expiring", "matchmaking.offer_expiring", offer_expiring, BOTH),
    Rule("matchmaking.consent_due", "matchmaking.consent_due", consent_due, BOTH),
    Rule("matchmaking.follow_up_due", "matchmaking.follow_up_due", follow_up_due),
    Rule("matchmaking.couple_closing", "matchmaking.couple_closing", couple_closing, BOTH),
    # Messages of this kind may wait in the outbox: the code keeps its old name.
    Rule("matchmaking.word_expiring", "matchmaking.word_expiring", confirmation_expiring),
]


# Reminders for matchmakers and introductions.
DAY = timedelta(days=1)
FEEDBACK = timedelta(hours=FEEDBACK_HOURS)
AFTER_AGREEING = (IntroductionState.AGREED, IntroductionState.MET)


def _to_matchmaker(case, moment):
    """Return a reminder to the matchmaker of ``case``; it names nobody."""
    return Due(
        about=case,
        to=case.volunteer.member,
        due_on=timezone.localdate(moment),
        until=moment + 7 * DAY,
        url=case.get_absolute_url(),
    )


def _helped():
    """Return the open cases of matchmakers who help today."""
    cases = MatchCase.objects.open().filter(volunteer__in=Volunteer.objects.current(), profile__state__in=VOUCHED)
    return cases.select_related("volunteer__member", "profile").order_by("pk")


def _midnight(day):
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def case_due(now):
    """Return reminders to matchmakers on the day when the next step of a case is due."""
    today = timezone.localdate(now)
    cases = _helped().filter(next_due__lte=today, next_due__gt=today - LOOK_BACK).iterator(chunk_size=500)
    return each(cases, lambda case: _to_matchmaker(case, _midnight(case.next_due)))


def case_silent(now):
    """Return reminders to matchmakers after seven days without contact to a person in their care."""
    silent = now - timedelta(days=SILENT_DAYS)
    opened = Q(last_contact_at=None, opened_on__lte=timezone.localdate(silent))

    def of_case(case):
        moment = silent_since(case)
        if now - LOOK_BACK < moment <= now:
            yield _to_matchmaker(case, moment)

    return of_each(_helped().filter(Q(last_contact_at__lte=silent) | opened).iterator(chunk_size=500), of_case)


def profile_stale(now):
    """Return reminders to matchmakers thirty days after the last edit of a profile in their care."""
    stale = now - timedelta(days=STALE_DAYS)
    edited = Q(profile__edited_at__lte=stale) | Q(profile__edited_at=None, profile__created_at__lte=stale)

    def of_case(case):
        moment = stale_since(case.profile)
        if now - LOOK_BACK < moment <= now:
            yield _to_matchmaker(case, moment)

    return of_each(_helped().filter(edited).iterator(chunk_size=500), of_case)


def _of_two(rows, moment_of, *, without=None):
    """Return reminders to each of the two people, except those whom ``without(row)`` returns."""

    def of_row(row):
        moment, spared = moment_of(row), without(row) if without else set()
        for profile in (row.one, row.two):
            if profile.member_id not in spared:
                yield Due(
                    about=row,
                    to=profile.member,
                    due_on=timezone.localdate(moment),
                    until=moment,
                    url=row.get_absolute_url(),
                    context={"at": moment.isoformat()},
                )

    return of_each(rows.select_related("one__member", "two__member").order_by("pk").iterator(chunk_size=500), of_row)


def answer_expiring(now):
    """Return reminders to both people of an introduction, a day before the answers are due.

    They are sent even if one of the two has answered. Left out are people who have no page about the
    introduction: they left, blocked the other or had enough open questions.
    """
    rows = Introduction.objects.awaiting_answer().filter(answer_by__gt=now - LOOK_BACK, answer_by__lte=now + DAY)

    def gone(row):
        two = (row.one, row.two)
        left = {profile.member_id for profile in two if profile.state == ProfileState.EXITED}
        blocks = Block.objects.between(*(profile.member_id for profile in two))
        kept = {profile.member_id for profile, hidden in zip(two, (row.one_kept, row.two_kept), strict=True) if hidden}
        return left | kept | set(blocks.values_list("blocker", flat=True))

    return _of_two(rows, lambda row: row.answer_by, without=gone)


def introduction_tomorrow(now):
    """Return reminders to the two people, a day before they meet."""
    agreed = Introduction.objects.filter(state=IntroductionState.AGREED)
    return _of_two(agreed.filter(meets_at__gt=now - LOOK_BACK, meets_at__lte=now + DAY), lambda row: row.meets_at)


def _told(row):
    return set(row.feedback.values_list("member", flat=True))


def feedback_due(now):
    """Return reminders to the two people after their meeting to give feedback within 72 hours."""
    rows = Introduction.objects.filter(state__in=AFTER_AGREEING, meets_at__gt=now - FEEDBACK, meets_at__lte=now)
    return _of_two(rows, lambda row: row.meets_at + FEEDBACK, without=_told)


def feedback_overdue(now):
    """Return reminders to matchmakers of people who have given no feedback after 72 hours."""
    over = now - FEEDBACK
    rows = Introduction.objects.filter(
        state__in=AFTER_AGREEING, volunteer__isnull=False, meets_at__gt=over - LOOK_BACK, meets_at__lte=over
    )

    def of_row(row):
        told = _told(row)
        silent = [profile.pk for profile in (row.one, row.two) if profile.member_id not in told]
        for case in _helped().filter(profile__in=silent):
            yield Due(
                about=row,
                to=case.volunteer.member,
                due_on=timezone.localdate(row.meets_at + FEEDBACK),
                until=row.meets_at + FEEDBACK + 7 * DAY,
                url=row.get_guide_url(),
            )

    return of_each(rows.select_related("one", "two").order_by("pk").iterator(chunk_size=500), of_row)


RULES += [
    Rule("matchmaking.case_due", "matchmaking.case_due", case_due),
    Rule("matchmaking.case_silent", "matchmaking.case_silent", case_silent),
    Rule("matchmaking.profile_stale", "matchmaking.profile_stale", profile_stale),
    Rule("matchmaking.introduction_expiring", "matchmaking.introduction_expiring", answer_expiring),
    Rule("matchmaking.introduction_tomorrow", "matchmaking.introduction_tomorrow", introduction_tomorrow),
    Rule("matchmaking.feedback_due", "matchmaking.feedback_due", feedback_due),
    Rule("matchmaking.feedback_overdue", "matchmaking.feedback_overdue", feedback_overdue),
]
