"""What each area gives to the tests that walk the whole portal, from files of its own folder (docs/how-to.md).

``tests/<area>/`` may hold ``matrix.csv``, ``objects.py``, ``stages.py`` and ``canaries.py``. A test takes what is
shared and what the areas add to it; an entry that stands twice is refused.
"""

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from portal.members.models import Member
from portal.organizations.models import Organization

AREAS = ("matchmaking", "rights", "nursing_rooms", "childcare", "innovation")
FOLDER = Path(__file__).parent


@dataclass
class Home:
    """The place an object lives in: a city, its chair, and the chair's neighbour who must not see it."""

    city: Organization
    chair: Member


@dataclass
class Asked:
    """What is asked for: arguments of the address, the object's own person, what stands behind ``?``, what is sent."""

    arguments: dict
    person: object
    query: dict = field(default_factory=dict)
    body: dict = field(default_factory=dict)

    def path(self, address):
        return address.path(**self.arguments) + (f"?{urlencode(self.query)}" if self.query else "")


def files(name):
    """Return {area: the file ``name`` of it} for the areas that have one."""
    found = {area: FOLDER / area / name for area in AREAS}
    return {area: file for area, file in found.items() if file.exists()}


def modules(name):
    """Return {area: its module ``name``} for the areas that have one."""
    return {area: importlib.import_module(f"tests.{area}.{name}") for area in files(f"{name}.py")}


def merged(shared, module, name):
    """Return ``shared`` with the entries of ``name`` in ``module`` of every area."""
    found = dict(shared)
    for area, own in modules(module).items():
        entries = getattr(own, name, {})
        if twice := found.keys() & entries.keys():
            raise ValueError(f"{name} of tests/{area}/{module}.py has what stands elsewhere: {sorted(twice)}")
        found |= entries
    return found


def area_of(name):
    """Return the area of a URL name, or "" where it belongs to none."""
    namespace, _, rest = name.partition(":")
    for area in AREAS:
        if namespace == area or (namespace == "admin" and rest.startswith(f"{area}_")):
            return area
    return ""


@dataclass(frozen=True)
class Canary:
    """``words`` and exactly who reads them, on the pages whose names match ``at``."""

    name: str
    words: str
    readers: frozenset
    at: str = ".*"


def canary(name, words, readers="", at=".*"):
    return Canary(name, words, frozenset(readers.split()), at)
