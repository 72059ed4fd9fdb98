"""Fixtures of the hostile tests."""

import pytest


@pytest.fixture
def home(db):
    """A city with its chair, whose objects the crawls open."""
    from tests.hostile.walk import make_home

    return make_home()


@pytest.fixture
def planted(settings):
    """Add the faulty addresses to the portal's own."""
    settings.ROOT_URLCONF = "tests.hostile.planted"
