"""Crawls of hundreds of pages without repeated work.

Left out are the counts in the menu and the records of templates that the test client keeps.
"""

import contextlib
from unittest.mock import patch

import pytest
from django.template import Template

COUNTERS = ("portal.web.context.remembered", "portal.web.menu.remembered")


@contextlib.contextmanager
def quickly(*, counts=False):
    """Count the items in a person's menu once, and skip the test client's record of each template.

    The portal keeps these counts in the session for half a minute. A crawl that undoes what a request writes would
    count them anew for every page, which takes two thirds of the time of an answer. ``counts`` leaves them as they are.
    """
    counted = {}

    def once(request, name, count, *, fresh=False):
        key = request.user.pk, name
        if fresh or key not in counted:
            counted[key] = count()
        return counted[key]

    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(Template, "_render", lambda self, context: self.nodelist.render(context)))
        for counter in () if counts else COUNTERS:
            stack.enter_context(patch(counter, once))
        yield


@pytest.fixture(scope="module")
def quick_pages():
    """Crawl quickly in all tests of a module; each person's menu is counted once for all of them."""
    with quickly():
        yield
