"""A couple on two phones: from the page of the pair to the application for a group wedding."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from matchmaking.models import Pair, WeddingCouple
from tests.browser import PHONE
from tests.factories.matchmaking import make_event
from tests.factories.matchmaking_after import make_pair, make_wedding
from tests.factories.organizations import make_organization
from tests.journey.test_journey import say


def come_in(walker, phone, pair):
    """Sign in with a code and open the page of the pair."""
    walker.go("/sign-in/")
    walker.page.fill("#id_phone", phone)
    walker.send()
    walker.page.fill("#id_code", walker.code(phone))
    walker.send()
    return walker.go(reverse("matchmaking:pair-detail", args=[pair.pk]))


def says(walker, stage):
    """Say on her page how the two are."""
    walker.follow(say("Say how you are"))
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
    kept = say("You said: %(words)s. It is shown to nobody until both of you have said it.").split("%")[0]
    assert kept in says(her, "dating")
    assert say("Dating") not in come_in(him, his, pair)
    assert kept not in says(him, "dating")
    expect(him.page.locator("main .badge", has_text=say("Dating"))).to_be_visible()
    her.go(reverse("matchmaking:pair-detail", args=[pair.pk]))
    expect(her.page.locator("main .badge", has_text=say("Dating"))).to_be_visible()

    her.follow(say("Group weddings"))
    her.follow(say("See the wedding"))
    her.follow(say("Apply as a couple"))
    her.page.fill("#id_phone", his)
    her.page.check("#id_agree")
    asked = her.send()
    assert say("Waiting for the other one") in asked
    assert his not in asked

    him.go("/")
    him.follow(say("Read and answer"))
    assert "示例" in him.text
    him.page.locator("input[name=answer][value=yes]").check()
    him.page.check("#id_agree")
    him.send()
    expect(him.page).to_have_url(re.compile(rf"/ceremonies/{wedding.pk}/$"))
    with stack.orm():
        couple = WeddingCouple.objects.get(wedding=wedding)
        assert (couple.state, couple.pair_id) == ("applied", pair.pk)
        assert Pair.objects.get(pk=pair.pk).state == "dating"
