"""Every promise that a page of matchmaking makes is kept.

There is one check for each line of each promise, and no promise or line without a check.
"""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from matchmaking import consents, promises
from matchmaking.choices.events import EventState
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.pairs import PairState
from matchmaking.models import Choice, Introduction, MatchCase, Pair, Participation, SingleProfile
from matchmaking.retention import RULES
from matchmaking.selectors.profiles import suggestions
from matchmaking.services.choosing import choices_set
from matchmaking.services.hotline import ticket_answer, ticket_assign, ticket_close
from matchmaking.services.introductions import introduction_contact_set, introduction_end, introductions_keep_time
from matchmaking.services.pairs import pair_quiet, pair_say, pair_set
from matchmaking.services.participations import event_join, event_leave
from matchmaking.services.profiles import profile_exit, profile_matched
from matchmaking.services.promises import KEEPERS, keeps
from matchmaking.services.retention import PURGE_AFTER
from matchmaking.services.safety import block_set
from portal.core.choices import Sex
from portal.members.models import Consent
from portal.members.services.consents import consent_give
from portal.messaging.models import Message
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice, put_event
from tests.factories.matchmaking_matchmakers import make_case, make_volunteer
from tests.factories.matchmaking_pairs import make_known, make_pair, make_ticket
from tests.factories.matchmaking_singles import make_introduction, make_profile
from tests.factories.members import make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


class Stage:
    """Two people with everything between them that a step may end.

    ``her`` takes the step, ``him`` must not notice.
    """

    closes = True

    def __init__(self):
        self.city = make_organization()
        self.cadre = make_staff(self.city)
        self.helper = make_volunteer(self.city)
        self.her, self.him = (make_known(make_unit(self.city), sex) for sex in (Sex.FEMALE, Sex.MALE))
        self.hers, self.his = make_profile(self.her), make_profile(self.him)
        for purpose in (consents.SINGLE, consents.PROFILE):
            consent_give(member=self.her, purpose=purpose)
        self.case = make_case(self.helper, self.hers)
        self.asked = make_introduction(self.hers, self.his)
        other = make_profile(make_known(make_unit(self.city), Sex.MALE))
        self.met = make_introduction(self.hers, other, IntroductionState.MET)
        for member in (self.her, other.member):
            introduction_contact_set(introduction=self.met, actor=member, agree=True)
        self.event = self._event()
        self.choosing = open_choice(self._event())
        row = self._row(self.choosing, self.her)
        choices_set(participation=row, chosen=[self._row(self.choosing, self.him).pk], actor=self.her)
        self.held = self._event()
        pair = make_pair(self._event(), held_on=timezone.localdate() - timedelta(days=3))
        rows = [self._row(self.held, person) for person in (self.her, self.him)]
        Pair.objects.filter(pk=pair.pk).update(event=self.held, one=min(rows, key=id_of), two=max(rows, key=id_of))
        self.pair = Pair.objects.select_related("event", "one__member", "two__member").get(pk=pair.pk)
        for person in (self.her, self.him):
            pair_set(pair=self.pair, actor=person, contact=True, matchmaker=True)
        self.held = put_event(self.held, EventState.REVEALED)

    def _event(self):
        event = make_event(self.city, created_by=self.cadre, women_quota=1, men_quota=2)
        for person in (self.her, self.him):
            event_join(event=event, member=person, actor=person, line="山高水长", photo=b"\xff\xd8picture")
        make_participation(event, make_single(make_unit(self.city)), state=SignUpState.WAITLISTED)
        return event

    @staticmethod
    def _row(event, member):
        return Participation.objects.select_related("offering", "member", "photo").get(offering=event, member=member)

    def row(self, event):
        return self._row(event, self.her)

    def page_of_pair(self):
        client = sign_in(Client(), self.him)
        session = client.session
        session["code_at"] = timezone.now().timestamp()
        session.save()
        return client.get(reverse("matchmaking:pair-detail", args=[self.pair.pk])).content.decode()


def id_of(row):
    return row.pk


@pytest.fixture
def stage(settings, tmp_path):
    settings.KEY_DIR, settings.PRIVATE_STORAGE_DIR = tmp_path / "keys", tmp_path / "files"
    return Stage()


def leave_event(stage, which="event"):
    event_leave(participation=stage.row(getattr(stage, which)), actor=stage.her)


def leave_held(stage):
    leave_event(stage, "held")


def leave_choosing(stage):
    leave_event(stage, "choosing")


def say_ended(stage):
    pair_say(pair=stage.pair, actor=stage.her, says=PairState.ENDED)


def block(stage):
    block_set(actor=stage.her, blocked=stage.him, label="x")


def exit_(stage):
    profile_exit(profile=SingleProfile.objects.get(member=stage.her), actor=stage.her)


def matched(stage):
    profile_matched(profile=SingleProfile.objects.get(member=stage.her), actor=stage.her)


def end_introduction(stage):
    introduction_end(introduction=stage.met, actor=stage.her)


def no_follow_ups(stage):
    pair_quiet(pair=stage.pair, actor=stage.her)


def close_ticket(stage):
    stage.call = make_ticket(stage.city, actor=stage.cadre, caller="来电人", caller_phone=phone_number(990))
    call = ticket_assign(ticket=stage.call, actor=stage.cadre, handler=stage.cadre)
    call = ticket_answer(ticket=call, actor=stage.cadre, answer="答复")
    if stage.closes:
        ticket_close(ticket=call, actor=stage.cadre)


# Promise -> the steps at which its sentences are shown.
STEPS = {
    "event-leave": [leave_event, leave_choosing, leave_held],
    "pair-end": [say_ended],
    "block": [block],
    "profile-leave": [exit_],
    "profile-matched": [matched],
    "introduction-end": [end_introduction],
    "pair-quiet": [no_follow_ups],
    "ticket-close": [close_ticket],
}


def standing(purpose, about=None):
    return Consent.objects.standing().filter(purpose=purpose.code, **({"about_id": about} if about else {}))


def card(stage, step):
    assert stage.row(event_of(stage, step)).line == ""


def event_of(stage, step):
    return {leave_held: stage.held, leave_choosing: stage.choosing}.get(step, stage.event)


def photo(stage, step):
    assert stage.row(event_of(stage, step)).photo is None
    stored = {row.photo_id for row in Participation.objects.exclude(member=stage.her)}
    assert stored  # others' photos stay


def choices(stage, step):
    assert not Choice.objects.filter(chooser__member=stage.her, chooser__offering=event_of(stage, step)).exists()


def agreement(stage, step):
    assert not standing(consents.EVENT, event_of(stage, step).pk).filter(member=stage.her).exists()
    assert standing(consents.EVENT, event_of(stage, step).pk).filter(member=stage.him).exists()


def place(stage, step):
    event = event_of(stage, step)
    row = stage.row(event)
    assert row.state == (SignUpState.LEFT if step is leave_held else SignUpState.WITHDRAWN)
    page = sign_in(Client(), stage.cadre).get(reverse("matchmaking:event-participants", args=[event.pk]))
    assert row.number not in page.content.decode()
    if step is leave_event:
        assert event.signups.filter(state=SignUpState.OFFERED).count() == 1


def pairs(stage, step):
    if step is leave_held:
        assert Pair.objects.get(pk=stage.pair.pk).state == PairState.ENDED
        pair_card(stage, step)


def pair_card(stage, step):
    page = stage.page_of_pair()
    assert not any(words in page for words in ("山高水长", stage.her.name, stage.her.phone, "meet-photo"))


def pair_agreements(stage, step):
    for purpose in (consents.PAIR_CONTACT, consents.PAIR_MATCHMAKER):
        assert not standing(purpose, stage.pair.pk).exists()


def pair_follow_ups(stage, step):
    assert set(stage.pair.follow_ups.values_list("state", flat=True)) == {FollowUpState.STOPPED}


def quiet_untold(stage, step):
    assert "不再为你们二人回访" not in stage.page_of_pair()
    assert "不再回访" in stage.page_of_pair()  # his own button for it remains


def unlisted(stage, step):
    assert not SingleProfile.objects.findable_by(stage.his).filter(pk=stage.hers.pk).exists()
    assert stage.hers.pk not in [one.profile.pk for one in suggestions(stage.his)]


def agreements(stage, step):
    for purpose in (consents.SINGLE, consents.PROFILE):
        assert not standing(purpose).filter(member=stage.her).exists()


def signups(stage, step):
    assert stage.row(stage.event).state == stage.row(stage.choosing).state == SignUpState.WITHDRAWN
    assert stage.row(stage.held).state == SignUpState.CONFIRMED


def introductions(stage, step):
    assert Introduction.objects.get(pk=stage.asked.pk).state == IntroductionState.ASKED
    assert Introduction.objects.get(pk=stage.met.pk).state == IntroductionState.ENDED
    Introduction.objects.filter(pk=stage.asked.pk).update(answer_by=timezone.now())
    introductions_keep_time()
    assert Introduction.objects.get(pk=stage.asked.pk).state == IntroductionState.NOT_AGREED


def care(stage, step):
    assert MatchCase.objects.get(pk=stage.case.pk).closed_on == timezone.localdate()


def purge(stage, step):
    rule = next(rule for rule in RULES if rule.code == "matchmaking.profiles")
    assert timedelta(days=183) == PURGE_AFTER == rule.keep
    now = timezone.now() + PURGE_AFTER
    assert rule.find(now - timedelta(days=1)).count() == 0
    assert rule.purge(rule.find(now + timedelta(days=1))) == 1
    assert SingleProfile.objects.get(member=stage.her).about == ""


def introduction_contact(stage, step):
    assert not standing(consents.INTRODUCTION_CONTACT, stage.met.pk).exists()
    assert Introduction.objects.get(pk=stage.met.pk).state == IntroductionState.ENDED


def block_search(stage, step):
    for one, other in ((stage.hers, stage.his), (stage.his, stage.hers)):
        assert not SingleProfile.objects.findable_by(one).filter(pk=other.pk).exists()
    assert not Participation.objects.candidates_of(stage.row(stage.choosing)).filter(member=stage.him).exists()


def block_pairs(stage, step):
    assert Pair.objects.get(pk=stage.pair.pk).state == PairState.ENDED
    pair_card(stage, step)


def block_introductions(stage, step):
    assert Introduction.objects.get(pk=stage.asked.pk).state == IntroductionState.ASKED
    assert Introduction.objects.get(pk=stage.met.pk).state == IntroductionState.MET


def block_care(stage, step):
    block_set(actor=stage.her, blocked=stage.helper.member, label="x")
    care(stage, step)


def untold(stage, step):
    """Nobody gets a message that tells the reason.

    The next person on the waiting list hears only of the place.
    """
    told = set(Message.objects.filter(pk__gt=stage.last).exclude(recipient=stage.her).values_list("kind", flat=True))
    assert told <= {"matchmaking.offered"}


def tickets_emptied(stage, step):
    rule = next(rule for rule in RULES if rule.code == "matchmaking.calls")
    now = timezone.now() + timedelta(days=365)
    assert rule.find(now - timedelta(days=1)).count() == 0
    assert rule.purge(rule.find(now + timedelta(days=1))) == 1
    stage.call.refresh_from_db()
    assert (stage.call.words, stage.call.caller, stage.call.caller_phone, stage.call.answer) == ("", "", "", "")


CHECKS = {
    "tickets-emptied": tickets_emptied,
    "card": card,
    "photo": photo,
    "choices": choices,
    "agreement": agreement,
    "place": place,
    "pairs": pairs,
    "nobody-told": untold,
    "pair-card": pair_card,
    "pair-agreements": pair_agreements,
    "pair-follow-ups": pair_follow_ups,
    "quiet-untold": quiet_untold,
    "unlisted": unlisted,
    "agreements": agreements,
    "signups": signups,
    "introductions": introductions,
    "care": care,
    "purge": purge,
    "introduction-contact": introduction_contact,
    "block-search": block_search,
    "block-pairs": block_pairs,
    "block-introductions": block_introductions,
    "block-care": block_care,
    "block-untold": untold,
}
LINES = [
    (promise, line, step) for promise in promises.PROMISES for line in promise.lines for step in STEPS[promise.code]
]


@pytest.mark.parametrize(
    ("promise", "line", "step"), LINES, ids=[f"{one.code}-{line.key}-{step.__name__}" for one, line, step in LINES]
)
def test_each_line_of_each_promise_is_kept(stage, promise, line, step):
    stage.last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    step(stage)
    CHECKS[line.key](stage, step)


def test_every_promise_has_its_keeper_its_step_and_its_checks():
    codes = [promise.code for promise in promises.PROMISES]
    declared = [value for value in vars(promises).values() if isinstance(value, promises.Promise)]
    assert sorted(codes) == sorted(promise.code for promise in declared) == sorted(KEEPERS) == sorted(STEPS)
    assert {line.key for promise in promises.PROMISES for line in promise.lines} == set(CHECKS)


def test_a_sentence_without_an_act_is_refused():
    promise = promises.Promise("new", (promises.Line("kept", "x"), promises.Line("not-kept", "y")))
    with pytest.raises(ValueError, match="not-kept"):
        keeps(promise, {"kept": print})
    with pytest.raises(ValueError, match="more"):
        keeps(promise, {"kept": print, "not-kept": print, "more": print})
    assert "new" not in KEEPERS


def page_of_ticket(stage):
    stage.closes = False
    close_ticket(stage)
    return reverse("matchmaking:ticket-close", args=[stage.call.pk])


# Promise -> the page that shows it to the person who is about to take the step.
PAGES = {
    "event-leave": lambda stage: reverse("matchmaking:meet-leave", args=[stage.held.slug]),
    "pair-end": lambda stage: reverse("matchmaking:pair-say", args=[stage.pair.pk]),
    "block": lambda stage: reverse("matchmaking:single-block", args=[stage.his.pk]),
    "profile-leave": lambda stage: reverse("matchmaking:single-leave"),
    "profile-matched": lambda stage: reverse("matchmaking:single-matched"),
    "introduction-end": lambda stage: reverse("matchmaking:introduction-end", args=[stage.met.pk]),
    "pair-quiet": lambda stage: reverse("matchmaking:pair-quiet", args=[stage.pair.pk]),
    "ticket-close": page_of_ticket,
}


@pytest.mark.parametrize("promise", promises.PROMISES, ids=lambda promise: promise.code)
def test_the_page_before_the_step_shows_the_sentences_of_the_promise(stage, promise):
    client = sign_in(Client(), stage.cadre if promise.code == "ticket-close" else stage.her)
    session = client.session
    session["code_at"] = timezone.now().timestamp()
    session.save()
    page = client.get(PAGES[promise.code](stage)).content.decode()
    with translation.override("zh-hans"):
        assert [str(line.words) for line in promise.lines if str(line.words) not in page] == []


def test_what_a_step_promises_stands_in_a_promise_and_nowhere_else():
    """The pages before these steps take their sentences from the promise.

    No view has a sentence of its own.
    """
    root = settings.BASE_DIR
    found = {}
    for path in sorted((root / "matchmaking" / "views").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"consequence=?\s*=?\s*_\((.*?)\)\n", text, re.DOTALL):
            if re.search(r"deleted|taken back|no longer find|no longer shown", match[1]):
                found[path.name] = match[1]
    assert found == {}
