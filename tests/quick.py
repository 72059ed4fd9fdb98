"""Walks over hundreds of pages, without what each answer would repeat: the menu's counts and the client's notes."""

import contextlib
from unittest.mock import patch

import pytest
from django.template import Template

COUNTERS = ("portal.web.context.remembered", "portal.web.menu.remembered")


@contextlib.contextmanager
def quickly(*, counts=False):
    """Count what stands in a person's menu once, and leave out the notes which the test client takes of each template.

    The portal keeps those counts in the session for half a minute. A walk that undoes what a request writes would have
    them counted for every page anew: two thirds of an answer's time.
    ``counts`` leaves them as they are.
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
    """Walk quickly in all tests of a module; each person's menu is counted once for all of them."""
    with quickly():
        yield
