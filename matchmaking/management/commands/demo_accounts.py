"""``manage.py demo_accounts``: how to sign in as whom in the demo."""

import unicodedata

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import translation

from deploy.demo_data import cast
from deploy.demo_data.cast import FIRST_UNIT, PASSWORD
from portal.core.roles import Role
from portal.organizations.models import Region


def _width(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(heading, rows):
    """Return lines in columns; a Chinese character is as wide as two letters."""
    rows = [heading, *rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


class Command(BaseCommand):
    help = "Print the accounts of the demo: staff by role and level, and singles."

    def handle(self, **options):
        if not settings.ALLOW_DEMO_PEOPLE:
            raise CommandError("Demo people exist under the demo settings only.")
        with translation.override("en"):
            self.stdout.write("\n".join(self._lines(cast())))

    def _lines(self, everybody):
        regions = dict(Region.objects.values_list("code", "short_name"))
        staff = [
            (
                str(Role(one.role).label),
                everybody.units[0].short_name if one.place == FIRST_UNIT else regions.get(one.place, one.place),
                one.login_name,
                one.person.phone,
            )
            for one in everybody.staff
        ]
        men, women = everybody.men, everybody.women
        singles = [
            ("not yet activated", everybody.waiting.person),
            ("in the open choice round", women[1].person),
            ("in the open choice round", men[1].person),
            ("holds hands", women[0].person),
            ("holds hands", men[0].person),
            ("matchmaker", everybody.volunteers[0]),
        ]
        sign_in, messages = reverse("members:sign-in-staff"), reverse("members:sent-messages")
        return [
            f"Staff: {sign_in}   password of all: {PASSWORD}",
            f"Second step: a code by SMS to the number beside the name; what was sent stands at {messages}",
            *table(("Role", "Where", "Login name", "Second step goes to"), staff),
            "",
            f"Members: {reverse('members:sign-in')} with the mobile number; the code stands at {messages}",
            *table(
                ("Who", "Mobile number", "Last six of the identity number", "Name"),
                [(state, one.phone, one.identity[-6:], one.name) for state, one in singles],
            ),
        ]
