"""Recounting figures, counting people in free ranges, words and targets beside figures, taking tables out."""

from portal.statistics.services.publishing import FIRST_YEAR, is_published, publish, publish_if_due, quarters_over
from portal.statistics.services.ranges import range_count, range_count_ask, range_period
from portal.statistics.services.recounting import recount, recount_touched
from portal.statistics.services.taking_out import published_text, table_take_out
from portal.statistics.services.words import definition_set, target_set, targets_set

__all__ = [
    "FIRST_YEAR",
    "definition_set",
    "is_published",
    "publish",
    "publish_if_due",
    "published_text",
    "quarters_over",
    "range_count",
    "range_count_ask",
    "range_period",
    "recount",
    "recount_touched",
    "table_take_out",
    "target_set",
    "targets_set",
]
