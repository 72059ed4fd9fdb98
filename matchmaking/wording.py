"""Labels of matchmaking actions in the audit."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "assign": _("Assigned"),
    "change": _("Changed"),
    "check-in": _("Checked in"),
    "check-in-undo": _("Check-in undone"),
    "contact": _("Contact recorded"),
    "export": _("Exported as a file"),
    "hand_back": _("Assigned people handed over"),
    "hide": _("Hidden from a unit"),
    "hold": _("Profile paused"),
    "lift": _("Block removed"),
    "log": _("Ticket created"),
    "make": _("Submitted"),
    "matchmakers": _("Matchmakers chosen"),
    "meeting": _("Meeting time set"),
    "photo": _("Photo added"),
    "photo_remove": _("Photo removed"),
    "pledge": _("Pledge signed"),
    "purge": _("Deleted when its retention period ended"),
    "quiet": _("Follow-up questions stopped"),
    "quotas": _("Number of places changed"),
    "refuse": _("Rejected"),
    "round": _("Next round"),
    "seats": _("Seating planned"),
    "send": _("Sent"),
    "sheet": _("Sign-in sheet exported"),
    "train": _("Training recorded"),
    "unhide": _("No longer hidden from a unit"),
    "unhold": _("Profile shown again"),
}
