"""``manage.py check_providers``: tries the SMS provider and the identity checks, and reports results."""

import getpass
import uuid

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.core.errors import DomainError
from portal.core.text import mask_phone
from portal.members.identity import read_phone
from portal.members.real_names import Answer, CheckError, backend, check_real_name, check_three_elements
from portal.messaging.channels import (
    ChannelDown,
    ChannelError,
    ChannelLimit,
    ChannelNotSetUp,
    ChannelRefused,
    sms_backend,
)
from portal.messaging.texts import provider_text, sms_templates

CHECKS = {"three_elements": check_three_elements, "real_name": check_real_name}
MEANS = {
    ChannelNotSetUp: "Something has to be set up at the provider or in the settings first.",
    ChannelRefused: "The provider does not send to this number.",
    ChannelLimit: "The provider sends no more to this number for now. Try again later.",
    ChannelDown: "The provider did not answer, or cannot send anything just now.",
}
ANSWERS = {
    Answer.MATCHES: "The three belong together.",
    Answer.DIFFERS: "The three do not belong together.",
    Answer.UNKNOWN: "The service has no record, or cannot say.",
}


class Command(BaseCommand):
    help = "Try the providers. The command asks for what is personal: options stand in lists of processes."

    def add_arguments(self, parser):
        parser.add_argument("--sms", action="store_true", help="send one test message to a number that you type")
        parser.add_argument("--three-elements", action="store_true", help="ask the operators about a person you type")
        parser.add_argument(
            "--real-name", action="store_true", help="ask the real-name service about a person you type"
        )
        parser.add_argument("--templates", action="store_true", help="print the texts to hand in for approval")

    def handle(self, *, sms, three_elements, real_name, templates, **options):
        if not (sms or three_elements or real_name or templates):
            raise CommandError("Say what to try: --sms, --three-elements, --real-name or --templates.")
        if templates:
            self._print_templates()
        failed = []
        if sms and not self._try_sms():
            failed.append("sms")
        for name, wanted in (("three_elements", three_elements), ("real_name", real_name)):
            if wanted and not self._try_check(name):
                failed.append(name)
        if failed:
            raise CommandError(f"Not in order: {', '.join(failed)}.")

    def _print_templates(self):
        with translation.override("zh-hans"):
            for template in sms_templates().values():
                for key, text, parameters in template.versions():
                    entry = settings.SMS_TEMPLATES.get(key)
                    code = entry.get("code") if isinstance(entry, dict) else entry
                    words = provider_text(text, parameters, lambda number, _name: f"{{{number}}}")
                    lengths = ", ".join(f"{one.name} {one.limit}" for one in parameters)
                    self.stdout.write(f"{key}\t{code or '-'}\t{words}\t{lengths}")

    def _try_sms(self):
        try:
            phone = read_phone(getpass.getpass("Mobile number: "), demo=settings.ALLOW_DEMO_PEOPLE)
        except DomainError as error:
            raise CommandError(str(error.message)) from None
        try:
            sms_backend().send(phone, "members.code_sign_in", {"code": "000000"}, uuid.uuid4())
        except ChannelError as error:
            self.stdout.write(f"{MEANS.get(type(error), 'The message was not sent.')} Reason: {error}.")
            return False
        self.stdout.write(f"The provider took a message with the code 000000 for {mask_phone(phone)}. Has it arrived?")
        return True

    def _try_check(self, name):
        check = backend(name.upper())
        if not check.is_set_up():
            missing = ", ".join(f"PORTAL_{setting}" for setting in check.missing()) or f"PORTAL_{name.upper()}_BACKEND"
            self.stdout.write(f"The check {name} is not set up: set {missing}.")
            return False
        words = {field: getpass.getpass(f"{label}: ") for field, label in self.ASKED.items()}
        try:
            answer = CHECKS[name](**words)
        except CheckError as error:
            self.stdout.write(f"The check {name} gave no answer. Reason: {error}.")
            return False
        self.stdout.write(ANSWERS[answer])
        return True

    ASKED = {"name": "Name", "identity_number": "Identity number", "phone": "Mobile number"}
