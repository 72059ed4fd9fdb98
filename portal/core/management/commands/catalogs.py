"""``manage.py catalogs extract|compile|check``: the message catalogs, without system gettext."""

from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core import catalogs

LANGUAGE = "zh_Hans"


class Command(BaseCommand):
    help = "Extract, compile or check the message catalogs."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["extract", "compile", "check"])

    def handle(self, *, action, **options):
        self.locale = Path(settings.LOCALE_PATHS[0])
        self.po = self.locale / LANGUAGE / "LC_MESSAGES" / "django.po"
        getattr(self, action)()

    def extract(self):
        """Write the catalog anew: keep translations, remove unused entries, leave new ones empty."""
        fresh, faults = self.fresh()
        merged = catalogs.merge(fresh, catalogs.read_catalog(self.po))
        catalogs.write_catalog(merged, self.po)
        empty = sum(1 for message in merged if message.id and not all(message.string or ("",)))
        self.stdout.write(f"{len(merged)} messages, {empty} to translate")
        for fault in faults:
            self.stderr.write(fault)

    def compile(self):
        """Write the .mo beside each .po."""
        for source in sorted(self.locale.glob("*/LC_MESSAGES/django.po")):
            count = catalogs.compile_catalog(source, source.with_suffix(".mo"))
            self.stdout.write(f"{source.parents[1].name}: {count} messages")

    def check(self):
        """Fail when sources and catalog differ or a translation is not fit to show."""
        fresh, faults = self.fresh()
        found = catalogs.check_catalog(
            fresh,
            catalogs.read_catalog(self.po),
            faults=faults,
            without_chinese=catalogs.read_list(self.locale / "without-chinese.txt"),
            foreign=catalogs.foreign_ids(self.foreign_folders(), LANGUAGE),
        )
        if found:
            raise CommandError("\n".join([*found.lines(), "make messages extracts anew; then translate in the .po"]))
        self.stdout.write(f"{len(fresh)} messages, all translated")

    def fresh(self):
        """Return a catalog of the texts now in the project's own sources, and the faults found."""
        base = settings.BASE_DIR
        own = [Path(config.path) for config in apps.get_app_configs() if self.is_own(config)]
        return catalogs.extract_catalog(base, [base / "portal", base / "templates", self.locale, *own], LANGUAGE)

    def foreign_folders(self):
        """Return the locale folders of Django and of the installed packages outside the project."""
        packages = [Path(config.path) for config in apps.get_app_configs() if not self.is_own(config)]
        return [Path(django.__file__).parent / "conf" / "locale", *(package / "locale" for package in packages)]

    @staticmethod
    def is_own(config):
        """Return whether an app is in the checkout, and not in the virtual environment inside it."""
        path = Path(config.path)
        return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
