"""Kinds of papers that the tests declare themselves."""

import sys

import pytest

from portal.core import discovery


@pytest.fixture(autouse=True)
def planted_kinds(monkeypatch):
    """Let the organisations declare the kinds of ``planted``, where the portal looks for them."""
    from tests.papers import planted  # models, which cannot be imported before the applications are ready

    monkeypatch.setitem(sys.modules, "portal.organizations.papers", planted)
    discovery._found.cache_clear()
    yield planted
    monkeypatch.undo()
    discovery._found.cache_clear()
