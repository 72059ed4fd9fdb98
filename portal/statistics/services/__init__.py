"""Recounting figures, counting people in free ranges, and the words and targets beside figures."""

from portal.statistics.services.ranges import range_count, range_count_ask
from portal.statistics.services.recounting import recount, recount_touched
from portal.statistics.services.words import definition_set, target_set

__all__ = ["definition_set", "range_count", "range_count_ask", "recount", "recount_touched", "target_set"]
