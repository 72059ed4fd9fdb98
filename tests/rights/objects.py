"""What tests/layout and tests/access open in the rights area: the object of each address."""

from rights.choices.stations import StationState
from tests.factories.rights import make_shift, make_station


def station(home):
    return {"pk": make_station(home.city).pk}


def paused_station(home):
    return {"pk": make_station(home.city, state=StationState.PAUSED).pk}


def shift(home):
    return {"pk": make_shift(make_station(home.city)).pk}


PUBLIC = {"rights:leave-show": "asking how long a leave is needs no account, and nothing is stored"}
OTHER_THINGS = {"rights": {"leave": "the maternity-leave calculator: a calculation, no rows"}}
OBJECTS = {
    **{f"rights:station-{page}": station for page in ("detail", "end", "pause", "shift", "update")},
    "rights:station-reopen": paused_station,
    "rights:shift-remove": shift,
}
