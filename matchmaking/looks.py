"""Colours and icons of the states of matchmaking, and its style sheet."""

STYLESHEETS = ("matchmaking/matchmaking.css",)

STATE_LOOKS = {
    "quiet": "inactive exited paused resting not_agreed dismissed unfounded reported",
    "wait": "signup_closed unit_vetting due transferred",
    "run": "choice_open handling accepted assigned shortlisted planned hand_holding dating engaged met nominated",
    "good": "revealed agreed verified matched registered together held consented released answered upheld",
    "bad": "cancelled blocked substantiated",
}
