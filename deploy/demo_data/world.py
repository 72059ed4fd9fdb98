"""The argument of each area's ``demo.load(world)``: organisations and people that all areas share."""

import time
from dataclasses import dataclass
from typing import TextIO

from deploy.demo_data.accounts import accounts_activate, members_of
from deploy.demo_data.cast import Cast


@dataclass(frozen=True)
class World:
    """The portal at the time when the areas start to load.

    ``people`` is everybody invented for the demo, on a roster or not, with an account or not. ``places`` are the
    federations by region code, ``units`` the grassroots unions by name, ``staff`` the members with duties by login
    name, ``members`` those with an account by phone. ``out`` is the stream for progress messages.
    """

    people: Cast
    places: dict
    units: dict
    staff: dict
    members: dict
    out: TextIO

    @property
    def cities(self):
        """The federations of the cities in the order of their region codes."""
        return [place for code, place in sorted(self.places.items()) if place.kind == "city"]

    def open_accounts(self, persons):
        """Open an account for each of ``persons``, who are on a roster, and add them to ``members``."""
        persons = [person for person in persons if person.phone not in self.members]
        accounts_activate(persons)
        self.members.update(members_of(persons))

    def step(self, name, work, *arguments):
        """Run ``work``, report how long it took, and return its result."""
        return step(self.out, name, work, *arguments)


def step(out, name, work, *arguments):
    """Run ``work``, write how long it took to ``out``, and return its result."""
    begun = time.monotonic()
    result = work(*arguments)
    out.write(f"  {name}: {time.monotonic() - begun:.1f} s\n")
    out.flush()
    return result
