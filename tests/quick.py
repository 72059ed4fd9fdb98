"""Walks over hundreds of pages, without what each answer would repeat: the menu's counts and the client's notes."""

import contextlib
from unittest.mock import patch

import pytest
from django.template import Template

COUNTERS = ("portal.web.context.remembered", "portal.web.menu.remembered")


@contextlib.contextmanager
def quickly():
    """Count what stands in a person's menu once, and leave out the notes which the test client takes of each template.

    The portal keeps those counts in the session for half a minute. A walk that undoes what a request writes would have
    them counted for every page anew: two thirds of an answer's time.
    """
    counted = {}

    def once(request, name, count, *, fresh=False):
        key = request.user.pk, name
        if fresh or key not in counted:
            counted[key] = count()
        return counted[key]

    with (
        patch(COUNTERS[0], once),
        patch(COUNTERS[1], once),
        patch.object(Template, "_render", lambda self, context: self.nodelist.render(context)),
    ):
        yield


@pytest.fixture(scope="module")
def quick_pages():
    """Walk quickly in all tests of a module; each person's menu is counted once for all of them."""
    with quickly():
        yield
