"""``manage.py demo_sim``: gives a demo person a further telephone card from their operator."""

from django.core.management.base import BaseCommand, CommandError

from portal.core.demonstration import demo_only
from portal.core.errors import DomainError
from portal.members.identity import read_phone
from portal.members.real_names import demo_cards, demo_cards_issue
from portal.messaging.channels import is_demo_number


class Command(BaseCommand):
    help = "Issue a new telephone card of the demo's operator to the holder of another one."

    def add_arguments(self, parser):
        parser.add_argument("--phone", required=True, help="a number that the person has")
        parser.add_argument("--new", required=True, help="the new number, 120 0000 0000 to 120 9999 9999")

    def handle(self, *, phone, new, **options):
        demo_only()
        try:
            phone, new = (read_phone(number, demo=True) for number in (phone, new))
        except DomainError as error:
            raise CommandError(str(error.message)) from None
        cards = demo_cards()
        if phone not in cards:
            raise CommandError("The demo's operator knows nobody with this number.")
        if not is_demo_number(new):
            raise CommandError("A demo number begins with 120.")
        if cards.get(new, cards[phone]) != cards[phone]:
            raise CommandError("The new number belongs to another person.")
        demo_cards_issue([(new, *cards[phone])])
        self.stdout.write("The new card is issued: the person now has both numbers.")
