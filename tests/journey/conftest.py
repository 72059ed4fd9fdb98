"""What the journeys share."""

import pytest

from tests.journey.walk import Walker


@pytest.fixture
def walker(stack, open_page):
    """Call it for another person with a browser of her own."""
    looked_at = set()
    walkers = []

    def walk(viewport, **options):
        walkers.append(Walker(stack, open_page(viewport=viewport, **options), looked_at))
        return walkers[-1]

    yield walk
    # Axe leaves its script in the page; a request still under way would be cut off with the context.
    for one in walkers:
        one.page.goto("about:blank")
