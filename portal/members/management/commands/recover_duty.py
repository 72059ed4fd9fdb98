"""``manage.py recover_duty``: the last resort when two of the three administrators are gone."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.management.people import ask_person
from portal.members.models import Duty
from portal.members.services.last_resort import duty_recover

ROLES = {
    "system": Role.SYSTEM_ADMINISTRATOR,
    "security": Role.SECURITY_ADMINISTRATOR,
    "audit": Role.AUDIT_ADMINISTRATOR,
    "chair": Role.CHAIR,
}


class Command(BaseCommand):
    help = (
        "Give a person on the roster an administrator's duty or that of a chair at the provincial federation, with two "
        "people at the machine. It asks for everything; it is recorded, sealed and told to every chair."
    )

    def add_arguments(self, parser):
        parser.add_argument("role", choices=sorted(ROLES))
        parser.add_argument(
            "--member", type=int, help="Row number of the person; without it the command asks for a number."
        )

    def handle(self, *, role, member, **options):
        role = ROLES[role]
        with translation.override(settings.LANGUAGE_CODE):
            person = ask_person(member)
            names = [input("First person at the machine, full name: "), input("Second person, full name: ")]
            ends = self._ends(role)
            self.stdout.write(
                f"\nThis gives {person.name} ({person.organization.name if person.organization else 'no unit'}) the "
                f"duty: {Role(role).label}, at the provincial federation, from today."
            )
            for duty in ends:
                self.stdout.write(f"The duty of {duty.member.name} ends today.")
            self.stdout.write("It is recorded and sealed with both names, and every chair and administrator is told.")
            if input("Type yes to do it: ").strip().lower() != "yes":
                raise CommandError("Nothing was done.")
            try:
                duty, link = duty_recover(member=person, role=role, names=names, ends=ends)
            except DomainError as error:
                raise CommandError(str(error.message)) from None
            except ValidationError as error:
                raise CommandError(" ".join(map(str, error.messages))) from None
        self.stdout.write(f"\nDone: {duty}. Hand this link over yourself; it works once and for a few days:\n  {link}")
        if AuditEntry.objects.about(duty).filter(action="duty.recover", sealed=None).exists():
            self.stdout.write("The entry is not sealed yet, because another sealer is at work; look at it in a minute.")

    def _ends(self, role):
        """Ask which of the present duties with this role end."""
        held = list(Duty.objects.current().filter(role=role, organization__parent=None).for_list().order_by("pk"))
        if not held:
            return []
        for duty in held:
            self.stdout.write(f"  {duty.pk}: {duty.member.name}, since {duty.valid_from:%Y-%m-%d}")
        text = input("Numbers of the duties that end with it, with blanks between (empty: none): ")
        numbers = set(text.split())
        if not numbers <= {str(duty.pk) for duty in held}:
            raise CommandError("This is no duty of the list.")
        return [duty for duty in held if str(duty.pk) in numbers]
