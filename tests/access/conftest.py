"""What the tests of the access stand on."""

import pytest
from django.conf import settings
from django.test import override_settings


@pytest.fixture(autouse=True, scope="module")
def brief_answers():
    """Lets a request ask for an answer that is quick to make (brief.py)."""
    middleware = [*settings.MIDDLEWARE, "tests.brief.BriefMiddleware"]
    with override_settings(ROOT_URLCONF="tests.brief", MIDDLEWARE=middleware):
        yield
