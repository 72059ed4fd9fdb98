"""How a state looks: its tone and its icon."""

# Tone and icon by the word of the state. A room that needs another says so: {% badge state label tone="wait" %}.
STATE_LOOKS = {
    "quiet": (
        "circle-dashed",
        """
        draft closed ended archived withdrawn left inactive repeated taken_back discarded exited paused resting stopped
        not_agreed dismissed unfounded reported void
        """,
    ),
    "wait": (
        "clock",
        """
        submitted waiting waitlisted offered queued uploaded returned signup_closed checked_faulty asked applied
        unit_vetting due transferred
        """,
    ),
    "run": (
        "activity",
        """
        running importing choice_open in_progress handling accepted assigned checked_clean shortlisted planned
        hand_holding dating engaged met nominated
        """,
    ),
    "good": (
        "circle-check",
        """
        approved published confirmed done active open revealed agreed imported delivered given verified matched
        registered together held consented released answered upheld vouched ready
        """,
    ),
    "bad": (
        "circle-x",
        "rejected declined refused failed cancelled expired overdue unreadable dead blocked substantiated disputed",
    ),
}


def state_look(state):
    """Return (tone, icon) for the word of a state; an unknown word is quiet."""
    word = str(getattr(state, "value", state)).lower()
    for tone, (picture, words) in STATE_LOOKS.items():
        if word in words.split():
            return tone, picture
    return "quiet", "circle-dashed"
