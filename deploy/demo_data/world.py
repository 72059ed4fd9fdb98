"""What each area's ``demo.load(world)`` is given: the organisations and people that all areas share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class World:
    """``places`` are the organisations by region code or name, ``staff`` the people with duties by login name."""

    places: dict
    staff: dict

    @property
    def cities(self):
        """The federations of the cities, in the order of their codes."""
        return [place for code, place in sorted(self.places.items()) if place.kind == "city"]
