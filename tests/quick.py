"""Crawls of hundreds of pages without repeated work.

Left out are the counts in the menu, the records of templates that the test client keeps, and reading the account of the
session and its duties for each request.
"""

import contextlib
import copy
from unittest.mock import patch

import pytest
from django.db import connection
from django.template import Template
from django.utils import timezone
from django.utils.functional import cached_property

COUNTERS = ("portal.web.context.remembered", "portal.web.menu.remembered")


# Whoever writes to one of these tables may have changed an account or what it may do.
ACCOUNTS = ('"members_', '"organizations_')
WRITES = ("INSERT", "UPDATE", "DELETE")


class Accounts:
    """Accounts and duties as they were read, until somebody writes to their tables or undoes it."""

    def __init__(self):
        self.read = {}
        # For each savepoint, whether its statements wrote to one of the tables.
        self.written = [False]

    def watch(self, execute, sql, *rest):
        words = sql if isinstance(sql, str) else ""
        if words.startswith(WRITES) and any(table in words for table in ACCOUNTS):
            self.written[-1] = True
            self.read.clear()
        elif words.startswith("SAVEPOINT"):
            self.written.append(False)
        elif words.startswith("ROLLBACK TO") and self.written[-1]:
            self.written[-1] = False
            self.read.clear()
        elif words.startswith("RELEASE") and len(self.written) > 1:
            inner = self.written.pop()
            self.written[-1] |= inner
        return execute(sql, *rest)

    def once(self, key, ask):
        """Return copies of the rows that ``ask()`` returns, read once."""
        if key not in self.read:
            self.read[key] = [copy.copy(row) for row in ask()]
        return [copy.copy(row) for row in self.read[key]]


@contextlib.contextmanager
def accounts_once():
    """Read each account and its duties once, as long as nobody writes to their tables."""
    from portal.members.backends import PasswordBackend
    from portal.members.models import Member

    accounts, get_user, duties = Accounts(), PasswordBackend.get_user, Member.__dict__["duties"].func

    def user(self, user_id):
        found = accounts.once(("account", user_id), lambda: filter(None, [get_user(self, user_id)]))
        return found[0] if found else None

    def held(self):
        key = ("duties", self.pk, self.by_phone_alone, self.proven_at, timezone.localdate())
        return accounts.once(key, lambda: duties(self))

    once = cached_property(held)
    once.__set_name__(Member, "duties")
    with (
        patch.object(PasswordBackend, "get_user", user),
        patch.object(Member, "duties", once),
        connection.execute_wrapper(accounts.watch),
    ):
        yield


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
        stack.enter_context(accounts_once())
        stack.enter_context(patch.object(Template, "_render", lambda self, context: self.nodelist.render(context)))
        for counter in () if counts else COUNTERS:
            stack.enter_context(patch(counter, once))
        yield


@pytest.fixture(scope="module")
def quick_pages():
    """Crawl quickly in all tests of a module; each person's menu is counted once for all of them."""
    with quickly():
        yield


@pytest.fixture
def brief(settings):
    """Allow requests to ask for status and headers without the page (tests/brief.py)."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.brief.BriefMiddleware"]
    settings.ROOT_URLCONF = "tests.brief"
