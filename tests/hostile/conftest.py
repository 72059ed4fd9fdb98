"""What the walks stand on."""

import pytest


@pytest.fixture
def home(db):
    """A city with its chair, whose objects the walks open."""
    from tests.hostile.walk import make_home

    return make_home()


@pytest.fixture
def planted(settings):
    """The faulty addresses beside the portal's own."""
    settings.ROOT_URLCONF = "tests.hostile.planted"


@pytest.fixture
def brief(settings):
    """Lets a request ask for its status and headers without the page (tests/brief.py)."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.brief.BriefMiddleware"]
    settings.ROOT_URLCONF = "tests.brief"
