"""What each area contributes to the tests that crawl the whole portal (docs/how-to.md).

``tests/<area>/`` may hold ``matrix.csv``, ``objects.py``, ``stages.py`` and ``canaries.py``. A test takes the shared
entries and those that the areas add; an entry that is given twice is refused.
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
    """The city of an object and its chair.

    Another city's chair, the neighbour, must not see the object.
    """

    city: Organization
    chair: Member


@dataclass
class Asked:
    """What a test requests: the arguments of the address, the object's own person, the query and the body."""

    arguments: dict
    person: object
    query: dict = field(default_factory=dict)
    body: dict = field(default_factory=dict)

    def path(self, address):
        return address.path(**self.arguments) + (f"?{urlencode(self.query)}" if self.query else "")


def files(name):
    """Return {area: path of its file ``name``} for the areas that have one."""
    found = {area: FOLDER / area / name for area in AREAS}
    return {area: file for area, file in found.items() if file.exists()}


def modules(name):
    """Return {area: its module ``name``} for the areas that have one."""
    return {area: importlib.import_module(f"tests.{area}.{name}") for area in files(f"{name}.py")}


def merged(shared, module, name):
    """Return ``shared`` together with the entries of ``name`` in ``module`` of every area."""
    found = dict(shared)
    for area, own in modules(module).items():
        entries = getattr(own, name, {})
        if twice := found.keys() & entries.keys():
            raise ValueError(f"{name} of tests/{area}/{module}.py has what stands elsewhere: {sorted(twice)}")
        found |= entries
    return found


def area_of(name):
    """Return the area of a URL name, or "" if it belongs to none."""
    namespace, _, rest = name.partition(":")
    for area in AREAS:
        if namespace == area or (namespace == "admin" and rest.startswith(f"{area}_")):
            return area
    return ""


@dataclass(frozen=True)
class Canary:
    """Words that exactly ``readers`` may see, on the pages whose names match ``at``."""

    name: str
    words: str
    readers: frozenset
    at: str = ".*"


def canary(name, words, readers="", at=".*"):
    return Canary(name, words, frozenset(readers.split()), at)
