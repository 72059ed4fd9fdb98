"""What each area's ``demo.load(world)`` is given: the organisations and people that all areas share."""

import time
from dataclasses import dataclass
from typing import TextIO

from deploy.demo_data.accounts import accounts_activate, members_of
from deploy.demo_data.cast import Cast


@dataclass(frozen=True)
class World:
    """The portal as it stands when the areas begin.

    ``people`` is everybody who was invented for it, on a roster or not, with an account or not. ``places`` are the
    federations by region code, ``units`` the grassroots unions by name, ``staff`` the members with duties by login
    name, ``members`` those with an account by phone. ``out`` is where progress is written.
    """

    people: Cast
    places: dict
    units: dict
    staff: dict
    members: dict
    out: TextIO

    @property
    def cities(self):
        """The federations of the cities, in the order of their codes."""
        return [place for code, place in sorted(self.places.items()) if place.kind == "city"]

    def open_accounts(self, persons):
        """Open an account for each of ``persons``, who are on a roster, and add them to ``members``."""
        persons = [person for person in persons if person.phone not in self.members]
        accounts_activate(persons)
        self.members.update(members_of(persons))

    def step(self, name, work, *arguments):
        """Do ``work``, tell how long it took, and return what it returned."""
        return step(self.out, name, work, *arguments)


def step(out, name, work, *arguments):
    """Do ``work``, write how long it took to ``out``, and return what it returned."""
    begun = time.monotonic()
    result = work(*arguments)
    out.write(f"  {name}: {time.monotonic() - begun:.1f} s\n")
    out.flush()
    return result
