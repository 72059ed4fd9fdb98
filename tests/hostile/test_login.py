"""Property 46 over HTTP: no way round the lock, and no name that is too long.

The pages for known and unknown names read the same.
"""

import re

import pytest
from django.test import Client

from portal.members.services.passwords import password_set
from tests.factories.members import make_authenticator, make_staff

pytestmark = pytest.mark.django_db
PASSWORD = "Zhuyi-Anquan-2026"
DOOR = "/sign-in/staff/"


@pytest.fixture
def cadre():
    member = make_staff()
    password_set(actor=None, member=member, login_name="shili", password=PASSWORD)
    make_authenticator(member)
    return member


def tried(password, login_name="shili", **extra):
    return Client().post(DOOR, {"login_name": login_name, "password": password}, **extra)


def opens(chain):
    """Fail five times with forged chains of addresses.

    Returns whether the right password is then accepted.
    """
    for number in range(5):
        assert tried("wrong", HTTP_X_FORWARDED_FOR=chain(number)).status_code == 422
    return tried(PASSWORD, HTTP_X_FORWARDED_FOR=chain(9)).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "chain"),
    [
        (0, "10.9.9.{}"),
        (0, "10.9.9.{}, 10.0.0.1"),
        (1, "10.9.9.{}, 10.0.0.1"),
        (1, "10.9.9.{},10.9.9.{},\t10.0.0.1"),
        (2, "10.9.9.{}, 10.0.0.1, 127.0.0.1"),
        (2, "10.9.9.{}"),
    ],
)
def test_a_forged_chain_of_addresses_is_no_way_round_the_lock(cadre, settings, proxies, chain):
    settings.TRUSTED_PROXIES = proxies
    assert not opens(lambda number: chain.replace("{}", str(number)))


def test_with_a_proxy_named_that_is_not_there_it_is(cadre, settings):
    """With a trusted proxy that does not exist, the lock can be avoided.

    The planted failure: the setting trusts a proxy, but no proxy in front writes the address.
    """
    settings.TRUSTED_PROXIES = 1
    assert opens(lambda number: f"10.9.9.{number}")


def said(response):
    """Return the page without the parts that differ from request to request."""
    text = response.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", text)
    return response.status_code, re.sub(r'value="(shili|nobody)"', "", text)


def test_known_and_unknown_names_read_the_same_page(cadre):
    assert said(tried("wrong")) == said(tried("wrong", "nobody"))


@pytest.mark.parametrize("length", [255, 256, 300, 5000])
def test_a_long_name_or_password_is_answered_in_words(cadre, length):
    assert tried("x", "x" * length).status_code == 422
    assert tried("x" * length).status_code == 422
