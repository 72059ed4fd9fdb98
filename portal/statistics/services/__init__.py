"""Recounting figures, counting people in free ranges, words and targets beside figures, taking tables out."""

from portal.statistics.services.ranges import range_count, range_count_ask, range_period
from portal.statistics.services.recounting import recount, recount_touched
from portal.statistics.services.taking_out import is_published, published_texts, table_take_out
from portal.statistics.services.words import definition_set, target_set, targets_set

__all__ = [
    "definition_set",
    "is_published",
    "published_texts",
    "range_count",
    "range_count_ask",
    "range_period",
    "recount",
    "recount_touched",
    "table_take_out",
    "target_set",
    "targets_set",
]
