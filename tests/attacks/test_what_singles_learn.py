"""What one single does in secret, and what others can notice of it.

Each page is compared with and without the secret action, and over time.
"""

import re
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from matchmaking import own_data
from matchmaking.choices.events import EventState
from matchmaking.choices.introductions import Answer, IntroductionState
from matchmaking.choices.pairs import PairState
from matchmaking.models import Block, Introduction, Pair, Participation, SingleProfile
from matchmaking.selectors.events import chosen_words, event_figures
from matchmaking.selectors.on_the_day import table_now
from matchmaking.services.choosing import choices_set
from matchmaking.services.couples import couple_accept, couple_confirm, couple_refuse
from matchmaking.services.follow_ups import follow_ups_open
from matchmaking.services.introductions import (
    introduction_answer,
    introduction_ask,
    introduction_contact_set,
    introduction_propose,
    introductions_keep_time,
)
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.services.on_the_day import seats_next, seats_plan
from matchmaking.services.pairs import pair_quiet, pair_say, pair_set
from matchmaking.services.participations import event_join, event_leave
from matchmaking.services.profiles import profile_exit, profile_hide, profile_matched, profile_pause
from matchmaking.services.safety import block_set, report_make
from matchmaking.services.standing import standings_keep_time
from matchmaking.services.weddings import wedding_close
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.members.models import Consent
from portal.messaging.models import Message
from portal.messaging.services.reminders import reminders_plan
from portal.signups.choices import SignUpState
from tests.access import leaks
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice, put_event
from tests.factories.matchmaking_matchmakers import make_case, make_volunteer
from tests.factories.matchmaking_pairs import make_asked, make_known, make_pair, make_wedding
from tests.factories.matchmaking_singles import make_introduction, make_photo, make_profile
from tests.factories.members import make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.quick import quickly

READERS = ("him", "colleague", "helper", "another", "county")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    folders = {name: tmp_path_factory.mktemp(name.lower()) for name in ("KEY_DIR", "PRIVATE_STORAGE_DIR")}
    limits = {"MATCHMAKING_SEARCHES_PER_HOUR": 10**6, "MATCHMAKING_CARDS_PER_HOUR": 10**6}
    with (
        quickly(counts=True),
        django_db_blocker.unblock(),
        override_settings(**folders, **limits),
        transaction.atomic(),
    ):
        found = leaks.World()
        found.asking = make_wedding(found.county, created_by=found.chair)
        found.soon, found.over = timezone.now() + timedelta(hours=20), timezone.now() - timedelta(hours=1)
        found.question, _her = make_asked(found.asking, found.him, found.her)
        yield found
        transaction.set_rollback(True)


def addresses(world):
    """Return {name: address} of the pages on which others could notice something."""
    found = {name: reverse(name) for name in ("home", "messaging:inbox", "members:me", "members:member-readers")}
    for name in (
        "introduction-list", "single-list", "single-suggestions", "single-blocks", "single-report", "single-home",
        "meet-list", "ceremony-list", "caseload-list", "event-list", "follow-up-list", "profile-list", "pair-here",
        "volunteer-figures", "vetting-list", "report-list", "my-matchmaker-detail", "plan-show",
    ):  # fmt: skip
        found[name] = reverse(f"matchmaking:{name}")
    for name in ("introduction-detail", "introduction-guide"):
        found[name] = reverse(f"matchmaking:{name}", args=[world.asked.pk])
    for name in ("pair-detail", "pair-say", "pair-quiet"):
        found[name] = reverse(f"matchmaking:{name}", args=[world.pair.pk])
    found["single-detail"] = reverse("matchmaking:single-detail", args=[world.hers.pk])
    found["single-photo"] = reverse("matchmaking:single-photo", args=[world.photo.pk])
    found["follow-up"] = world.follow_up.get_absolute_url()
    found["ceremony"] = reverse("matchmaking:ceremony-detail", args=[world.asking.pk])
    for which in ("choosing", "round", "held"):
        event = getattr(world, which)
        for name in ("detail", "choose", "table", "joined"):
            found[f"{which} {name}"] = reverse(f"matchmaking:meet-{name}", args=[event.slug])
        for name in ("detail", "participants", "pairs", "report", "matchmakers", "sheet", "door", "seats"):
            found[f"{which} desk {name}"] = reverse(f"matchmaking:event-{name}", args=[event.pk])
    found["case"] = world.case.get_absolute_url()
    found["case suggestions"] = reverse("matchmaking:case-suggestions", args=[world.other_case.pk])
    return found


def noticed(world, wanted=None):
    """Return {(reader, name): status and lasting words} of the pages.

    Added are the messages to each reader, and the data that each may export about themselves. ``wanted`` are the pages
    to open, None for all.
    """
    pages = {}
    for reader in READERS:
        for name, path in addresses(world).items():
            if wanted is None or (reader, name) in wanted:
                page = leaks.get(world.clients[reader], path)
                pages[reader, name] = page.status, leaks.lasting_words(page.words)
        member = world.readers[reader]
        pages[reader, "messages"] = list(
            Message.objects.filter(recipient=member).order_by("kind", "channel").values_list("kind", "channel")
        )
        pages[reader, "own data"] = [[str(row) for row in source.rows(member)] for source in own_data.SOURCES]
    return pages


def pass_the_days(world):
    """Let everything with a date fall due.

    That is the answer, the reminders before it, and the list of the wedding.
    """
    with leaks.undone():
        Introduction.objects.filter(pk=world.asked.pk).update(answer_by=world.soon)
        reminders_plan()
        Introduction.objects.filter(pk=world.asked.pk).update(answer_by=world.over)
        introductions_keep_time()
        standings_keep_time()
        wedding_close(wedding=world.asking, actor=world.chair)
        return noticed(world, AFTERWARDS)


# Pages that may change on the day on which something falls due.
AFTERWARDS = {(reader, name) for reader in READERS for name in ("introduction-detail", "introduction-list", "home")}
AFTERWARDS |= {("him", "ceremony"), ("him", "messaging:inbox"), ("him", "pair-detail"), ("him", "single-report")}
AFTERWARDS |= {("helper", name) for name in ("caseload-list", "introduction-guide", "messaging:inbox")}


@pytest.fixture(scope="module")
def quiet(world):
    """What readers notice when nothing happens, on the pages that open for them."""
    everything = noticed(world)
    shut = {key for key, page in everything.items() if isinstance(page, tuple) and page[0] != 200}
    assert len(everything) - len(shut) > 100
    return {"now": {key: page for key, page in everything.items() if key not in shut}, "later": pass_the_days(world)}


def both(world, quiet):
    return {"now": noticed(world, quiet["now"]), "later": pass_the_days(world)}


def says(state):
    return lambda world: pair_say(
        pair=world.pair, actor=world.her, says=state, on=timezone.localdate() if state == PairState.REGISTERED else None
    )


def answers(said):
    return lambda world: introduction_answer(introduction=world.asked, actor=world.her, answer=said)


def chooses(world):
    choices_set(participation=world.card, chosen=[world._his_card().pk], actor=world.her)


def chooses_and_not(world):
    chooses(world)
    choices_set(participation=world.card, chosen=[], actor=world.her)


def profile(world):
    return SingleProfile.objects.get(pk=world.hers.pk)


def hides(world):
    profile_hide(profile=profile(world), actor=world.her, organization=world.him.organization)


def blocks(world):
    block_set(actor=world.her, blocked=world.him, label="x")


def reports(world):
    report_make(reporter=world.her, about=world.him, kind="money", words="借钱")


def agrees_and_takes_back(world):
    for agree in (True, False):
        pair_set(pair=world.pair, actor=world.her, contact=agree, matchmaker=agree)


def refuses(world):
    couple_refuse(couple=world.question, actor=world.her)


# Search is separate: a person who may no longer be found is on none of its pages, whatever the reason.
SEARCH = {("him", "single-list"), ("him", "single-suggestions"), ("him", "single-detail"), ("him", "single-photo")}
SEARCH |= {
    ("him", "single-report"),
    ("another", "case suggestions"),
    ("colleague", "single-list"),
    ("county", "plan-show"),
}
# What the level above the unit reads of a profile under the consent to it: that it exists, and its state.
STATE = {("county", "profile-list")}
# A matchmaker sees that the care has ended, but not why; it looks the same as when a single wants no matchmaker.
CARE = {("helper", name) for name in ("case", "caseload-list", "home", "introduction-guide")}
CARE |= {("county", "volunteer-figures")}
# Leaving an event is visible: a person who left is on no list and on no card any more, whatever the reason.
EVENT = {("him", f"{which} {name}") for which in ("choosing", "round") for name in ("choose", "detail", "table")}
EVENT |= {("county", f"{which} desk {name}") for which in ("choosing", "round") for name in (
    "detail", "participants", "sheet", "door", "seats", "matchmakers", "report")}  # fmt: skip
EVENT |= {("county", "event-list"), ("helper", "caseload-list"), ("county", "home")}
# A pair ends in the same form, whether one of them says so or blocks the other; the follow-up calls about it end with
# it.
PAIR = {("him", name) for name in ("pair-detail", "pair-say", "held detail", "own data")}
PAIR |= {
    ("county", name) for name in ("held desk detail", "held desk pairs", "follow-up", "follow-up-list", "pair-here")
}
PAIR |= {("helper", name) for name in ("follow-up", "caseload-list", "follow-up-list", "home")}
PAIR |= {("county", "home"), ("county", "report-list"), ("him", "members:member-readers")}
# Her secret action -> the pages of others that may differ; no other pages may. A page of an introduction is never among
# them.
SECRET = {
    "answers yes": (answers(Answer.YES), set()),
    "answers no": (answers(Answer.NO), set()),
    "chooses him": (chooses, set()),
    "chooses him and takes it back": (chooses_and_not, set()),
    "says dating": (says(PairState.DATING), set()),
    "says engaged": (says(PairState.ENGAGED), set()),
    "says married": (says(PairState.REGISTERED), set()),
    "wants no calls": (
        lambda world: pair_quiet(pair=world.pair, actor=world.her),
        {("county", name) for name in ("follow-up", "follow-up-list", "held desk pairs", "home", "event-list")}
        | {("helper", name) for name in ("follow-up", "caseload-list", "follow-up-list", "home")},
    ),
    "agrees to contact and takes it back": (agrees_and_takes_back, set()),
    "refuses a wedding": (refuses, set()),
    "reports him": (reports, {("county", name) for name in ("report-list", "home", "messaging:inbox", "messages")}),
    "hides from his unit": (hides, SEARCH),
    "pauses": (lambda world: profile_pause(profile=profile(world), actor=world.her), SEARCH | STATE),
    "is in a relationship": (
        lambda world: profile_matched(profile=profile(world), actor=world.her), SEARCH | STATE | EVENT | {
            ("helper", "introduction-guide"), ("helper", "case"), ("helper", "home"), ("county", "volunteer-figures")},
    ),
    "leaves": (
        lambda world: profile_exit(profile=profile(world), actor=world.her),
        SEARCH | STATE | EVENT | CARE,
    ),
    "blocks him": (blocks, SEARCH | PAIR | {("him", "choosing choose"), ("him", "round choose")}),
}  # fmt: skip


@pytest.mark.parametrize("action", SECRET)
def test_nobody_notices_a_secret_action(world, quiet, action):
    act, open_to_sight = SECRET[action]
    with leaks.undone():
        act(world)
        found = both(world, quiet)
    for when, pages in found.items():
        changed = {key for key, page in pages.items() if page != quiet[when][key]}
        assert sorted(changed - open_to_sight) == [], when


@pytest.mark.parametrize("action", ["answers no", "is in a relationship", "leaves", "blocks him"])
def test_what_was_asked_comes_to_nothing_on_its_day_and_in_the_same_words(world, quiet, action):
    act, _open_to_sight = SECRET[action]
    page = reverse("matchmaking:introduction-detail", args=[world.asked.pk])
    with leaks.undone():
        introduction_answer(introduction=world.asked, actor=world.him, answer=Answer.YES)
        still = leaks.lasting_words(leaks.get(world.clients["him"], page).words)
        with leaks.undone():
            without = pass_the_days(world)
        act(world)
        # A yes changes nothing before the day, even if it answers a yes that was taken back or that came from a person
        # who has left.
        introduction_answer(introduction=world.asked, actor=world.him, answer=Answer.YES)
        assert Introduction.objects.get(pk=world.asked.pk).state == IntroductionState.ASKED
        assert leaks.lasting_words(leaks.get(world.clients["him"], page).words) == still
        later = pass_the_days(world)
    for name in ("introduction-detail", "introduction-list", "messages", "messaging:inbox"):
        assert later["him", name] == without["him", name], name


# An introduction that one of the two asks for, or that a matchmaker proposes.
def asked_by_her(hers, his, case):
    return introduction_ask(member=hers.member, profile=his)


def proposed(hers, his, case):
    actor = case.volunteer.member
    return introduction_propose(case=case, profile=his, actor=actor, words="都爱看夜空")


def fresh(member):
    client = sign_in(Client(), member)
    session = client.session
    session["code_at"] = int(time.time()) + 600
    session.save()
    return client


def introduced(how, kept):
    """Return what he reads of an introduction, when it is asked and when it is agreed.

    ``how`` is one of the two ways to bring it about.
    """
    city = make_organization()
    hers, his = make_profile(unit=make_unit(city), nickname="她"), make_profile(unit=make_unit(city), sex=Sex.MALE)
    case = make_case(make_volunteer(city), hers)
    row = how(hers, his, case)
    client, found = fresh(his.member), []
    for stage in ("asked", "agreed"):
        if stage == "agreed":
            for profile_ in (hers, his):
                introduction_answer(introduction=row, actor=profile_.member, answer=Answer.YES)
        pages = (
            reverse("matchmaking:introduction-list"),
            row.get_absolute_url(),
            reverse("home"),
            reverse("messaging:inbox"),
        )
        found += [leaks.lasting_words(client.get(page).content.decode()) for page in pages]
        found.append([[str(cell) for cell in row] for source in own_data.SOURCES for row in source.rows(his.member)])
        found.append(sorted(Message.objects.filter(recipient=his.member).values_list("kind", "channel", "context__at")))
    kept.append(row)
    return [re.sub(r"\d+", "0", str(words)) for words in found]


@pytest.mark.django_db
def test_a_wish_and_a_proposal_are_one_card_in_one_set_of_words():
    kept = []
    assert introduced(asked_by_her, kept) == introduced(proposed, kept)
    assert [row.volunteer is None for row in kept] == [True, False]


@pytest.mark.django_db
def test_a_matchmaker_does_not_learn_what_two_have_asked_themselves():
    city = make_organization()
    hers, his, free = (make_profile(unit=make_unit(city), sex=sex) for sex in (Sex.FEMALE, Sex.MALE, Sex.MALE))
    case = make_case(make_volunteer(city), hers)
    introduction_ask(member=hers.member, profile=his)

    def words(other):
        with pytest.raises(DomainError) as refusal:
            proposed(hers, other, case)
        return refusal.value.message, refusal.value.code

    asked = words(his)
    Block.objects.create(blocker=free.member, blocked=hers.member, label="x")
    assert words(free) == asked


# What has ended.
def end_by_saying(pair, event, one, two):
    pair_say(pair=pair, actor=one, says=PairState.ENDED)


def end_by_block(pair, event, one, two):
    block_set(actor=one, blocked=two, label="x")


def end_by_leaving(pair, event, one, two):
    event_leave(participation=event.signups.get(member=one), actor=one)


ENDS = {"a word": end_by_saying, "a block": end_by_block, "leaving": end_by_leaving}


@pytest.fixture(params=ENDS)
def end(request):
    return ENDS[request.param]


def open_pair(city, state=PairState.HAND_HOLDING):
    """Return a pair who have shared everything, with photos and a matchmaker."""
    event = make_event(city)
    people = [
        make_known(make_unit(city), sex, name=name)
        for sex, name in ((Sex.FEMALE, "示例柳如烟"), (Sex.MALE, "示例江枫渔"))
    ]
    helper = make_single(make_unit(city))
    for person, line in zip(people, ("山中何所有", "岭上多白云"), strict=True):
        event_join(event=event, member=person, actor=person, line=line, photo=b"\xff\xd8picture")
    matchmakers_set(event=event, members=[helper], actor=event.created_by)
    rows = list(event.signups.order_by("pk"))
    fields = {"registered_on": timezone.localdate()} if state == PairState.REGISTERED else {}
    pair = Pair.objects.create(
        event=event, one=rows[0], two=rows[1], held_on=timezone.localdate() - timedelta(days=3), state=state, **fields
    )
    follow_ups_open(pairs=[pair], held_on=pair.held_on)
    for person in people:
        pair_set(pair=pair, actor=person, contact=True, matchmaker=True)
    return put_event(event, EventState.REVEALED), pair, people, helper


@pytest.mark.django_db
@pytest.mark.parametrize("turned", [False, True], ids=["for who ended it", "for the other"])
def test_nothing_of_the_other_is_shown_once_it_is_over(end, turned, settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path
    event, pair, people, helper = open_pair(make_organization())
    one, two = people
    reader, other = people if not turned else reversed(people)
    doors = [
        reverse("matchmaking:pair-detail", args=[pair.pk]),
        event.get_member_url(),
        reverse("matchmaking:meet-list"),
        reverse("matchmaking:ceremony-list"),
        reverse("matchmaking:single-report"),
        reverse("messaging:inbox"),
        reverse("home"),
    ]
    other_row = event.signups.get(member=other)
    photo = reverse("matchmaking:meet-photo", args=[event.slug, other_row.pk])
    secret = [other.name, other.phone, other_row.line]

    def read():
        client = fresh(reader)
        text = "".join(client.get(door).content.decode() for door in doors)
        text += str([[str(cell) for cell in row] for source in own_data.SOURCES for row in source.rows(reader)])
        seen = client.get(photo)
        seen.getvalue()
        caseload = fresh(helper).get(reverse("matchmaking:caseload-list")).content.decode()
        return (
            [words for words in secret if words in text],
            seen.status_code,
            [p for p in people if p.phone in caseload],
        )

    assert read() == (secret, 200, people)
    end(pair, event, one, two)
    assert read() == ([], 404, [])
    client = fresh(reader)
    client.post(doors[0], {"contact": "on", "matchmaker": "on"})
    assert not Consent.objects.standing().filter(about_id=pair.pk, purpose__contains="pair").exists()
    assert read() == ([], 404, [])


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["a block", "leaving"])
def test_a_marriage_stays_counted_and_shows_nothing_either(how, settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path
    event, pair, (one, two), _helper = open_pair(make_organization(), PairState.REGISTERED)
    ENDS[how](pair, event, one, two)
    assert Pair.objects.get(pk=pair.pk).state == PairState.REGISTERED
    page = fresh(two).get(reverse("matchmaking:pair-detail", args=[pair.pk])).content.decode()
    assert not any(words in page for words in (one.name, one.phone, "山中何所有"))


@pytest.mark.django_db
def test_who_left_a_revealed_event_is_listed_nowhere_and_counted_still(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path
    event, pair, (one, _two), _helper = open_pair(make_organization())
    before = event_figures(event)
    client, desk = fresh(one), sign_in(Client(), event.created_by)
    leave = reverse("matchmaking:meet-leave", args=[event.slug])
    participants = reverse("matchmaking:event-participants", args=[event.pk])
    row = event.signups.get(member=one)
    assert row.number in desk.get(participants).content.decode()
    assert leave in client.get(event.get_member_url()).content.decode()
    assert client.post(leave).status_code == 302

    row.refresh_from_db()
    assert (row.state, row.line, row.photo_id, row.matchmaker_id) == (SignUpState.LEFT, "", None, None)
    after = event_figures(event)
    assert (after.people, after.pairs, after.rate) == (before.people, before.pairs, before.rate)
    assert row.number not in desk.get(participants).content.decode()
    assert leave not in client.get(event.get_member_url()).content.decode()
    assert client.get(leave).status_code == client.post(leave).status_code == 302
    with pytest.raises(DomainError):
        event_leave(participation=row, actor=one)
    assert Pair.objects.filter(pk=pair.pk, state=PairState.ENDED).exists()


# What both have to state.
STAGES = (PairState.DATING, PairState.ENGAGED, PairState.REGISTERED)


@pytest.mark.django_db
@pytest.mark.parametrize("hers", STAGES)
@pytest.mark.parametrize("his", STAGES)
def test_a_claim_reveals_no_other_claim(hers, his):
    """A claim reveals no other claim.

    Whatever he claims, his page shows her claim only where both claim the same.
    """

    def page_of(said):
        pair = make_pair(put_event(make_event(), EventState.CLOSED))
        if said:
            pair_say(pair=pair, actor=pair.one.member, says=said, on=timezone.localdate())
        pair_say(pair=pair, actor=pair.two.member, says=his, on=timezone.localdate())
        told = Message.objects.filter(recipient=pair.two.member, kind__contains="pair").count()
        page = fresh(pair.two.member).get(reverse("matchmaking:pair-detail", args=[pair.pk])).content.decode()
        return told, re.sub(r"\d+|示例活动", "0", leaks.lasting_words(page))

    assert (page_of(hers) == page_of(None)) == (hers != his)


@pytest.mark.parametrize(
    ("choosers", "men", "women", "words"),
    [
        (1, 1, 1, ""),
        (1, 30, 1, ""),
        (4, 4, 20, ""),
        (0, 5, 5, "少于 5 人"),
        (4, 5, 5, "少于 5 人"),
        (5, 5, 5, "至少 5 人"),
        (10, 5, 5, "至少 5 人"),
        (12, 10, 10, "至少 10 人"),
        (20, 10, 10, "至少 15 人"),
        (588, 294, 294, "至少 580 人"),
    ],
)
def test_how_many_have_chosen_points_at_nobody(choosers, men, women, words):
    assert chosen_words(choosers, men, women) == words


@pytest.mark.django_db
def test_the_desk_and_the_reminders_do_not_tell_who_has_chosen(settings, tmp_path):
    settings.KEY_DIR = tmp_path
    event = make_event()
    her, him = (make_participation(event, make_single(event.organization, sex)) for sex in (Sex.FEMALE, Sex.MALE))
    event = open_choice(event)
    desk = sign_in(Client(), event.created_by)

    def seen():
        with transaction.atomic():
            reminders_plan()
            told = sorted(Message.objects.filter(kind="matchmaking.choice_closing").values_list("recipient", "channel"))
            transaction.set_rollback(True)
        return told, leaks.lasting_words(desk.get(event.get_absolute_url()).content.decode())

    before = seen()
    assert {person for person, _channel in before[0]} == {her.member_id, him.member_id}
    her = Participation.objects.select_related("offering").get(pk=her.pk)
    choices_set(participation=her, chosen=[him.pk], actor=her.member)
    assert seen() == before


@pytest.mark.django_db
def test_a_table_shows_a_number_and_nothing_that_a_block_takes_away():
    event = put_event(make_event(), EventState.RUNNING)
    her, him = (make_participation(event, make_single(event.organization, sex)) for sex in (Sex.FEMALE, Sex.MALE))
    seats_next(plan=seats_plan(event=event, actor=event.created_by), actor=event.created_by, after=0)
    him = Participation.objects.select_related("offering").get(pk=him.pk)
    page = reverse("matchmaking:meet-table", args=[event.slug])
    client = fresh(him.member)
    before = leaks.lasting_words(client.get(page).content.decode())
    assert table_now(him).other.pk == her.pk
    assert her.line not in before
    block_set(actor=her.member, blocked=him.member, label="x")
    assert leaks.lasting_words(client.get(page).content.decode()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("blocker", ["single", "matchmaker"])
def test_a_block_ends_the_care_between_the_two(blocker):
    helper = make_volunteer()
    hers = make_profile(unit=make_unit(helper.organization))
    case = make_case(helper, hers)
    one, other = (hers.member, helper.member) if blocker == "single" else (helper.member, hers.member)
    client = sign_in(Client(), helper.member)
    assert client.get(case.get_absolute_url()).status_code == 200
    block_set(actor=one, blocked=other, label="x")
    assert client.get(case.get_absolute_url()).status_code == 404
    assert hers.nickname not in client.get(reverse("matchmaking:caseload-list")).content.decode()


@pytest.mark.django_db
def test_a_matchmaker_of_a_place_one_hides_from_loses_the_card():
    helper = make_volunteer()
    hers = make_profile(unit=make_unit(helper.organization))
    case = make_case(helper, hers)
    profile_hide(profile=hers, actor=hers.member, organization=helper.member.organization)
    assert sign_in(Client(), helper.member).get(case.get_absolute_url()).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["asked", "applied", "accepted"])
@pytest.mark.parametrize("by_asker", [True, False])
def test_a_block_ends_what_two_asked_each_other_at_a_wedding(state, by_asker):
    city = make_organization()
    wedding = make_wedding(city)
    asker, partner = make_known(make_unit(city)), make_known(make_unit(city), Sex.MALE)
    couple, _partner = make_asked(wedding, asker, partner)
    ceremony = reverse("matchmaking:ceremony-detail", args=[wedding.pk])
    if state != "asked":
        couple = couple_confirm(couple=couple, actor=partner)
    if state == "accepted":
        couple = couple_accept(couple=couple, actor=make_staff(city))
    before = leaks.lasting_words(fresh(asker).get(ceremony).content.decode())
    blocker, blocked = (asker, partner) if by_asker else (partner, asker)
    block_set(actor=blocker, blocked=blocked, label="x")

    for person, other in ((asker, partner), (partner, asker)):
        assert other.name not in fresh(person).get(ceremony).content.decode()
    assert reverse("matchmaking:couple-confirm", args=[couple.pk]) not in fresh(partner).get(ceremony).content.decode()
    if state == "asked" and not by_asker:
        assert leaks.lasting_words(fresh(asker).get(ceremony).content.decode()) == before


@pytest.mark.django_db
def test_an_agreed_introduction_shows_nothing_after_a_block():
    city = make_organization()
    people = [make_single(make_unit(city), sex, phone=phone_number(number)) for number, sex in enumerate(Sex, 61)]
    one, two = (make_profile(person, about="春山一路鸟空啼", photo_audience="mutual") for person in people)
    photo = make_photo(one)
    row = make_introduction(one, two, IntroductionState.AGREED, agreed_at=timezone.now())
    for person in people:
        introduction_contact_set(introduction=row, actor=person, agree=True)
    page, picture = row.get_absolute_url(), reverse("matchmaking:single-photo", args=[photo.pk])
    client = fresh(two.member)
    read = client.get(page).content.decode()
    assert all(words in read for words in (one.member.name, one.member.phone, one.about, one.nickname, picture))
    block_set(actor=one.member, blocked=two.member, label="x")
    read = client.get(page).content.decode() + client.get(reverse("matchmaking:introduction-list")).content.decode()
    assert not any(words in read for words in (one.member.name, one.member.phone, one.about, one.nickname, picture))
    assert client.get(picture).status_code == 404
    assert fresh(one.member).get(page).status_code == 404
