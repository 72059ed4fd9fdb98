"""Shared fixtures of the journeys."""

import pytest

from tests.journey.walk import Walker


@pytest.fixture
def walker(stack, open_page):
    """Return a function that gives another person, each with a browser session of their own."""
    looked_at = set()
    walkers = []

    def walk(viewport, **options):
        walkers.append(Walker(stack, open_page(viewport=viewport, **options), looked_at))
        return walkers[-1]

    yield walk
    # Axe leaves its script in the page; closing the context would cut off a request that is still running.
    for one in walkers:
        one.page.goto("about:blank")
