"""Fixtures of the access tests."""

import logging

import pytest
from django.conf import settings
from django.test import override_settings


@pytest.fixture(autouse=True, scope="module")
def brief_answers():
    """Allow requests to ask for an answer that is quick to make (tests/brief.py).

    Thousands of refusals are not logged.
    """
    middleware = [*settings.MIDDLEWARE, "tests.brief.BriefMiddleware"]
    with override_settings(ROOT_URLCONF="tests.brief", MIDDLEWARE=middleware):
        logging.disable(logging.WARNING)
        yield
        logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True, scope="module")
def quick(quick_pages):
    """Apply ``quick_pages`` to every test here, because all of them crawl pages."""
