"""``manage.py invitation_link``: prints the link to a first access for a person no message can reach."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.core.errors import DomainError
from portal.members.management.people import ask_person
from portal.members.services.invitations import invitation_hand


class Command(BaseCommand):
    help = (
        "Print a one-time link by which a person with a duty opens the first access. It asks for a mobile or identity "
        "number. An older link is void, the step is recorded, and the account stays provisional until two members of "
        "staff confirm the person."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--member", type=int, help="Row number of the person; without it the command asks for a number."
        )

    def handle(self, *, member, **options):
        with translation.override(settings.LANGUAGE_CODE):
            person = ask_person(member)
            try:
                link = invitation_hand(actor=None, member=person)
            except DomainError as error:
                raise CommandError(str(error.message)) from None
        self.stdout.write(
            f"The link of {person.name}; it works once and for a few days. Hand it over yourself:\n  {link}"
        )
