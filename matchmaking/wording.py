"""What the audit calls the actions of matchmaking."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "assign": _("Assigned"),
    "change": _("Changed"),
    "check-in": _("Checked in"),
    "check-in-undo": _("Check-in taken back"),
    "contact": _("Contact noted"),
    "export": _("Taken out as a file"),
    "hand_back": _("People given back"),
    "hide": _("Hidden from a place"),
    "hold": _("Profile held back"),
    "lift": _("Block lifted"),
    "log": _("Call written down"),
    "make": _("Made"),
    "matchmakers": _("Matchmakers chosen"),
    "meeting": _("Time of meeting set"),
    "photo": _("Photo added"),
    "photo_remove": _("Photo removed"),
    "pledge": _("Pledge signed"),
    "purge": _("Deleted after its time"),
    "quiet": _("Questions stopped"),
    "quotas": _("Places changed"),
    "refuse": _("Refused"),
    "round": _("Next round"),
    "seats": _("Seats planned"),
    "send": _("Sent"),
    "sheet": _("Sign-in sheet taken out"),
    "train": _("Training noted"),
    "unhide": _("No longer hidden from a place"),
    "unhold": _("No longer held"),
}
