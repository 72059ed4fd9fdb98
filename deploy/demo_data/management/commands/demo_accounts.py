"""``manage.py demo_accounts``: print the sign-in data of the demo's accounts."""

import unicodedata

from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import translation

from deploy.demo_data.cast import CITIES, MUDANJIANG, PASSWORD, QIQIHAR, STAFF, cast
from deploy.demo_data.cities import LOGINS
from portal.core.demonstration import demo_only
from portal.core.roles import Role
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization, Region

# The staff printed: all of the city of the journey, and of the other cities those with other roles or places.
SHOWN = {name for name, _role, _place in STAFF} | {
    "longsha-ganbu",
    "qiqihar-jiceng",
    "mudanjiang-zhuxi",
    "mudanjiang-ganbu",
    "mudanjiang-hunlian",
    "ningan-zhuxi",
    "mudanjiang-jiceng",
}


def _where(everybody, one, regions):
    unit = everybody.unit_at(one.place)
    return unit.short_name if unit else regions.get(one.place, one.place)


def _width(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(heading, rows):
    """Return the rows as lines in columns; a Chinese character is as wide as two letters."""
    rows = [heading, *rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


class Command(BaseCommand):
    help = "Print the accounts of the demo: staff by role and level, and singles."

    def handle(self, **options):
        demo_only()
        loaded = set(Organization.objects.filter(kind=OrganizationKind.CITY).values_list("region", flat=True))
        cities = sum(code in loaded for code in CITIES)
        people = cast().only(cities) if cities > 1 else cast()
        with translation.override("en"):
            self.stdout.write("\n".join(self._lines(people)))

    def _lines(self, everybody):
        regions = dict(Region.objects.values_list("code", "short_name"))
        staff = [
            (str(Role(one.role).label), _where(everybody, one, regions), one.login_name, one.person.phone)
            for one in everybody.staff
            if one.login_name in SHOWN
        ]
        others = [LOGINS[city.code] for city in everybody.cities if f"{LOGINS[city.code]}-ganbu" not in SHOWN]
        men, women = everybody.men, everybody.women
        singles = [
            ("not yet activated", everybody.waiting.person),
            ("in the open choice round", women[1].person),
            ("in the open choice round", men[1].person),
            ("holds hands", women[0].person),
            ("holds hands", men[0].person),
            ("matchmaker", everybody.volunteers[0]),
        ]
        for city in everybody.cities:
            if city.code in (QIQIHAR, MUDANJIANG):
                where = regions.get(city.code, city.code)
                singles += [
                    (f"{where}: in the open choice round", city.women[0].person),
                    (f"{where}: in the open choice round", city.men[0].person),
                    (f"{where}: matchmaker", city.volunteers[0]),
                ]
        elsewhere = [f"Every other city has NAME-zhuxi (chair) and NAME-ganbu (cadre): {', '.join(others)}"]
        sign_in, messages = reverse("members:sign-in-staff"), reverse("members:sent-messages")
        return [
            f"Staff: {sign_in}   password of all: {PASSWORD}",
            f"Second step: a code by SMS to the number beside the name; what was sent stands at {messages}",
            *table(("Role", "Where", "Login name", "Second step goes to"), staff),
            *(elsewhere if others else ()),
            "",
            f"Members: {reverse('members:sign-in')} with the mobile number; the code stands at {messages}",
            *table(
                ("Who", "Mobile number", "Last six of the identity number", "Name"),
                [(state, one.phone, one.identity[-6:], one.name) for state, one in singles],
            ),
        ]
