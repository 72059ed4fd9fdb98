"""Journeys of singles on their phones.

One goes from nothing to a vetted profile that is found and that searches; the other takes a couple from its page to a
wedding. Both share a module, and with it the running portal.
"""

import re
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from matchmaking.choices.profiles import ProfileState
from matchmaking.models import Introduction, Pair, SingleProfile, WeddingCouple
from matchmaking.services.vetting import profile_confirm
from portal.core.choices import Sex
from tests.browser import PHONE
from tests.factories.matchmaking import make_event, make_law
from tests.factories.matchmaking_pairs import make_pair, make_wedding
from tests.factories.matchmaking_singles import make_hobby, make_profile, make_region
from tests.factories.members import identity_number, make_entry, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit
from tests.journey.test_journey import photograph

PHONE_OF_HERS, NUMBER = phone_number(9171), identity_number(171)


def say(words):
    with translation.override("zh-hans"):
        return translation.gettext(words)


def test_a_single_from_profile_to_search(stack, walker):
    with stack.orm():
        make_law()
        region = make_region()
        hobby = make_hobby("滑雪")
        county = make_organization(name="示例丙市总工会")
        chair = make_staff(county)
        make_entry(
            make_unit(county),
            name="示例周小满",
            phone=PHONE_OF_HERS,
            identity_number=NUMBER,
            birth_date=date(1995, 3, 7),
        )
        make_profile(
            unit=make_unit(county),
            sex=Sex.MALE,
            nickname="示例远山",
            hobbies=[hobby],
        )

    stack.issue_cards((PHONE_OF_HERS, "示例周小满", NUMBER))
    single = walker(PHONE)
    single.go("/matchmaking/singles/")
    single.sign_in(PHONE_OF_HERS, "示例周小满")
    single.go("/matchmaking/singles/")
    single.follow(say("Fill in my profile"))
    single.follow(say("Begin"))
    single.page.fill("#id_nickname", "示例小满")
    single.page.fill("#id_about", "周末爱往山里走。")
    single.page.select_option("#id_region", region.pk)
    single.page.fill("#id_height_cm", "165")
    single.send()
    single.page.fill("#id_wish_age_from", "22")
    single.page.fill("#id_wish_age_to", "45")
    single.page.check("#id_wish_age_hard")
    single.send()
    single.page.get_by_label("滑雪").check()
    single.send()
    single.page.set_input_files("#id_photo", photograph())
    single.send()
    expect(single.page.locator("main img")).to_be_visible()
    single.follow(say("Continue"))
    single.page.get_by_label(say("Only after both have agreed")).check()
    single.send()
    assert "示例小满" in single.text
    single.page.check("#id_single")
    single.page.check("#id_found")
    single.page.fill("#id_signature", "示例周小满")
    single.send()
    expect(single.page).to_have_url(re.compile(r"/singles/me/sent/$"))
    assert say("What happens next") in single.text

    with stack.orm():
        profile = SingleProfile.objects.get(nickname="示例小满")
        until = timezone.localdate() + timedelta(days=200)
        profile_confirm(profile=profile, actor=chair, until=until)

    single.go("/matchmaking/singles/me/")
    single.follow(say("Let others find me"))
    single.send()
    found = single.go("/matchmaking/singles/")
    assert "示例远山" in found
    single.follow(say("Suggestions"))
    assert say("both like %(hobbies)s") % {"hobbies": "滑雪"} in single.text
    single.follow("示例远山")
    single.follow(say("Ask the union for an introduction"))
    single.send()
    assert say("You are both being asked whether you want to meet") in single.text
    single.go("/matchmaking/singles/report/")
    single.go("/matchmaking/singles/me/units/")
    single.follow(say("Leave matchmaking"))
    single.send()
    with stack.orm():
        profile.refresh_from_db()
        # The question to the other person stays open until its deadline: an end at once would tell who ended it.
        assert (profile.state, Introduction.objects.live().count()) == (ProfileState.EXITED, 1)
    wide = single.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def come_in(walker, phone, pair):
    """Sign in with a code and open the page of the pair."""
    walker.go("/sign-in/")
    walker.page.fill("#id_phone", phone)
    walker.send()
    walker.page.fill("#id_code", walker.code(phone))
    walker.send()
    return walker.go(reverse("matchmaking:pair-detail", args=[pair.pk]))


def says(walker, stage):
    """Report on the person's own page how things stand between the two."""
    walker.follow(say("Tell us how you are"))
    walker.page.locator(f"input[name=says][value={stage}]").check()
    return walker.send()


def test_a_couple_from_its_page_to_the_wedding(stack, walker):
    with stack.orm():
        city = make_organization(name="示例己市总工会")
        pair = make_pair(make_event(city))
        wedding = make_wedding(city, title="示例春天婚礼")
        hers, his = pair.one.member.phone, pair.two.member.phone
    her, him = walker(PHONE), walker(PHONE)
    come_in(her, hers, pair)
    kept = say("Your answer: %(words)s. Nobody can see it until both of you have given the same answer.").split("%")[0]
    assert kept in says(her, "dating")
    assert say("Dating") not in come_in(him, his, pair)
    assert kept not in says(him, "dating")
    expect(him.page.locator("main .badge", has_text=say("Dating"))).to_be_visible()
    her.go(reverse("matchmaking:pair-detail", args=[pair.pk]))
    expect(her.page.locator("main .badge", has_text=say("Dating"))).to_be_visible()

    her.follow(say("Group weddings"))
    her.follow(say("View wedding"))
    her.follow(say("Apply as a couple"))
    her.page.fill("#id_phone", his)
    her.page.check("#id_agree")
    asked = her.send()
    assert say("Waiting for the partner's confirmation") in asked
    assert his not in asked

    him.go("/")
    him.follow(say("View and answer"))
    assert "示例" in him.text
    him.page.locator("input[name=answer][value=yes]").check()
    him.page.check("#id_agree")
    him.send()
    expect(him.page).to_have_url(re.compile(rf"/ceremonies/{wedding.pk}/$"))
    with stack.orm():
        couple = WeddingCouple.objects.get(wedding=wedding)
        assert (couple.state, couple.pair_id) == ("applied", pair.pk)
        assert Pair.objects.get(pk=pair.pk).state == "dating"
