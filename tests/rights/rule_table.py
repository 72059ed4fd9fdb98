"""For each rule of the rights area: an object of the home."""

from tests.factories.rights import make_shift, make_station

RULES = {
    "can_edit_station": lambda home: make_station(home.city),
    "can_change_station": lambda home: make_station(home.city),
    "can_edit_shift": lambda home: make_shift(make_station(home.city)),
}
