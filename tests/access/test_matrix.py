"""Role by URL: each answer is as in the files matrix.csv.

The files are written by hand (docs/how-to.md).
"""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import RequestFactory
from django.urls import resolve, reverse

from tests.access.leaks import WALKED
from tests.access.world import ask, build, build_world, client_of, matrix_files, matrix_of, methods_of, read_matrix
from tests.databases import ROOT
from tests.layout.addresses import addresses

ROLES, ROWS = read_matrix()
ADDRESSES = {address.name: address for address in addresses()}
CELLS = {"in", "gone", "200", "302", "400", "403", "404", "405", "409", "422"}
REFUSED = {"in", "gone", "403", "404", "405"}
# Columns whose role another column has too: the page is drawn for the other one; for these only the answer is checked.
AGAIN = {"other", "expired", "grass", "county", "chair", "cadre", "stranger", "province", "far"}


ADMINISTRATORS = {"system", "security", "audit", "far"}
# Pages of the admin that are requested as every role: signing in and out, and one page behind the admin site's
# permission check.
ASKED_BY_ALL = {"admin:index", "admin:login", "admin:logout"}


def at_the_gate(name, role, cell):
    """Return whether a cell is the answer of the admin's permission check to non-administrators."""
    return name.startswith("admin:") and name not in ASKED_BY_ALL and role not in ADMINISTRATORS and cell == "in"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The people, created once; each test rolls back its own rows only."""
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held.__enter__()
        made = build_world()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


def lines_to_add(missing):
    """Return the lines that the matrix lacks for (URL name, method), below the file of each.

    A new file begins with the columns.
    """
    found = {}
    for name, method in sorted(missing):
        file = matrix_of(name)
        head = [f"{file.relative_to(ROOT)}:"] + ([] if file.exists() else [",".join(["url", "method", *ROLES])])
        found.setdefault(file, head).append(f"{name},{method}" + ",?" * len(ROLES))
    return "\n".join(line for lines in found.values() for line in lines)


def test_every_url_and_method_has_a_line():
    wanted = {(name, method) for name, address in ADDRESSES.items() for method in methods_of(address)}
    written = {(name, method) for name, methods in ROWS.items() for method in methods}
    assert wanted <= written, f"add, each ? by hand ({', '.join(ROLES)}):\n{lines_to_add(wanted - written)}"
    gone = [f"{matrix_of(name).relative_to(ROOT)}: {name} {method}" for name, method in sorted(written - wanted)]
    assert gone == [], "no such URL or method, take out"


def test_a_missing_line_is_asked_for_in_the_file_of_its_area():
    lines = lines_to_add({("rights:case-list", "GET"), ("admin:rights_case_add", "POST"), ("members:me", "GET")})
    found = [line.partition(",?")[0] for line in lines.splitlines()]
    columns = [",".join(["url", "method", *ROLES])] if not matrix_of("rights:x").exists() else []
    assert found == [
        "tests/rights/matrix.csv:",
        *columns,
        "admin:rights_case_add,POST",
        "rights:case-list,GET",
        "tests/access/matrix.csv:",
        "members:me,GET",
    ]


@pytest.mark.parametrize("file", matrix_files().values(), ids=lambda file: str(file.relative_to(ROOT)))
def test_lines_stand_in_order(file):
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")][1:]
    assert lines == sorted(lines, key=lambda line: line.split(",")[:2])


def test_lines_hold_known_cells():
    odd = [
        (name, method, role, cell)
        for name, methods in ROWS.items()
        for method, row in methods.items()
        for role, cell in row.items()
        if cell not in CELLS
    ]
    assert odd == []


@pytest.mark.parametrize("name", [name for name in ROWS if name in ADDRESSES])
def test_everybody_gets_what_the_matrix_says(world, db, name):
    address = ADDRESSES[name]
    asked = build(address, world.home)
    path = asked.path(address)
    clients = world.clients
    if asked.person != world.home.chair:
        clients = {**clients, "own": client_of(asked.person)}
    # The crawl of the leak tests draws these pages for readers of every role.
    drawn_elsewhere = WALKED.match(name) is not None
    odd = []
    for method, row in ROWS[name].items():
        for role, expected in row.items():
            if at_the_gate(name, role, expected):
                continue
            body = asked.body if method == "POST" else None
            told_apart = role == "own" or not (role in AGAIN or method == "POST" or drawn_elsewhere)
            brief = expected in REFUSED or not told_apart
            got, written, _response = ask(clients[role], method, path, body, brief=brief)
            if got != expected:
                odd.append(f"{name} {method} {role}: expected {expected}, got {got}")
            if written and expected in REFUSED:
                odd.append(f"{name} {method} {role}: refused, and yet wrote {', '.join(sorted(written))}")
    if odd:
        pytest.fail("\n".join(odd), pytrace=False)


def test_the_gate_of_the_admin_lets_nobody_in_but_administrators(world, db):
    """Only administrators get past the admin's permission check.

    Each view of the admin is called directly, without middleware, which is the same for all views.
    """
    odd, tried = [], 0
    people = {**world.people, "own": world.home.chair, "visitor": AnonymousUser()}
    cells = [
        (name, method, role)
        for name, methods in ROWS.items()
        for method, row in methods.items()
        for role, cell in row.items()
        if at_the_gate(name, role, cell)
    ]
    for name, method, role in cells:
        path = ADDRESSES[name].path()
        request = RequestFactory().generic(method, path)
        request.user, request._dont_enforce_csrf_checks = people[role], True
        match = resolve(path)
        tried += 1
        try:
            got = match.func(request, *match.args, **match.kwargs).headers.get("Location")
        except Exception as error:  # the view was reached
            got = type(error).__name__
        if got != f"{reverse('admin:login')}?next={quote(path)}":
            odd.append(f"{name} {method} {role}: expected in, got {got}")
    if odd:
        pytest.fail("\n".join(odd), pytrace=False)
    assert tried == len(cells) > 1000
