"""Three pages are at most two taps away from every page of a member.

They are who sees what of the member, leaving, and reporting someone.
"""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from tests.factories.matchmaking_matchmakers import make_case, make_volunteer
from tests.factories.matchmaking_singles import make_profile
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.layout.addresses import addresses
from tests.layout.objects import ANYONES, OBJECTS, Home

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pages")]

TARGETS = ("members:member-readers", "matchmaking:single-leave", "matchmaking:single-report")
BUILDERS = {**OBJECTS, **{name: builder for name, (builder, *_) in ANYONES.items()}}
OK, ENOUGH = 200, 30


class Links(HTMLParser):
    """The targets of the links that a page shows without anything being opened."""

    def __init__(self, page):
        super().__init__()
        self.found, self.closed = set(), 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "details":
            self.closed += 1
        elif tag == "a" and not self.closed:
            self.found.add(urlsplit(dict(attrs).get("href") or "").path)

    def handle_endtag(self, tag):
        if tag == "details":
            self.closed -= 1


def page_of(client, path):
    """Return the page at ``path`` if it is in the member's shell, and otherwise ""."""
    response = client.get(path)
    content = response.getvalue() if response.streaming else response.content
    if response.status_code != OK or "html" not in response.headers.get("Content-Type", ""):
        return ""
    page = content.decode()
    return page if "shell-member" in page[:500] else ""


def far_pages(client, paths):
    """Return (number of member pages among ``paths``, targets that are too far).

    The second value lists (path, target) wherever a target is more than two taps away.
    """
    wanted = [reverse(name) for name in TARGETS]
    next_door = {}
    pages = [(path, page) for path in paths if (page := page_of(client, path))]
    far = []
    for path, page in pages:
        links = Links(page).found
        missing = [target for target in wanted if target not in {*links, path}]
        for link in sorted(links):
            if not missing:
                break
            if link not in next_door:
                next_door[link] = Links(page_of(client, link)).found if link.startswith("/") else set()
            missing = [target for target in missing if target not in next_door[link]]
        far += [(path, target) for target in missing]
    return len(pages), far


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


def without_arguments():
    return [one.path() for one in addresses() if not one.arguments and not one.is_admin]


def test_from_every_page_of_a_single(client, city):
    single = make_profile(unit=make_unit(city))
    count, far = far_pages(sign_in(client, single.member), without_arguments())
    assert far == []
    assert count > ENOUGH


def test_from_every_page_of_a_matchmaker_who_is_single_herself(client, city):
    """A matchmaker who is single also reaches the pages.

    Her navigation bar has the people in her care in the place of the singles.
    """
    volunteer = make_volunteer(city)
    make_case(volunteer)
    make_profile(volunteer.member)
    count, far = far_pages(sign_in(client, volunteer.member), without_arguments())
    assert far == []
    assert count > ENOUGH


def test_from_every_page_of_who_has_no_profile(client, city):
    _, far = far_pages(sign_in(client, make_member(make_unit(city))), without_arguments())
    assert far == []


def test_from_every_page_about_something_of_hers(client, city):
    home = Home(city=city, chair=make_staff(city))
    named = [one for one in addresses() if one.arguments and one.name in BUILDERS]
    # Reading changes nothing, so pages about the same kind of object use the same object.
    made = {builder: builder(home) for builder in {BUILDERS[one.name] for one in named}}
    found, far = 0, []
    for one in named:
        arguments, owner = made[BUILDERS[one.name]] if isinstance(made[BUILDERS[one.name]], tuple) else ({}, home.chair)
        if not owner.is_desk:
            count, beyond = far_pages(sign_in(client, owner), [one.path(**arguments)])
            found += count
            far += beyond
    assert far == []
    assert found > ENOUGH // 2
