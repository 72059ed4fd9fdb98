"""Colours and icons of the states of rubrics, inspections and findings."""

STATE_LOOKS = {
    "quiet": "replaced",
    "wait": "to_recheck",
    "run": "planned under_way",
    "good": "in_force finished",
    "bad": "to_rectify cancelled",
}
