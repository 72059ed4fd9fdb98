"""No command of the demo does anything outside the demo and test settings."""

from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands

from portal.members.models import Member
from portal.organizations.models import Organization

# Arguments without which a command does not start.
ARGUMENTS = {
    "demo_sim": ["--phone", "12012345678", "--new", "12012345679"],
    "make_roster": ["{folder}/roster.xlsx"],
}


def of_the_demo(name, app):
    """Return whether a command has "demo" in its name or uses the demo's data."""
    if "demo" in name:
        return True
    try:
        module = import_module(f"{app}.management.commands.{name}")
    except ModuleNotFoundError:
        return False
    return "demo_data" in Path(module.__file__).read_text(encoding="utf-8")


OF_THE_DEMO = sorted(name for name, app in get_commands().items() if isinstance(app, str) and of_the_demo(name, app))


def test_the_commands_are_found():
    assert {*ARGUMENTS, "load_demo", "load_demo_accounts", "load_demo_facts", "demo_accounts"} <= set(OF_THE_DEMO)


@pytest.mark.django_db
@pytest.mark.parametrize("name", OF_THE_DEMO)
def test_production_takes_no_demo_people(name, settings, tmp_path):
    settings.ALLOW_DEMO_PEOPLE = False
    arguments = [one.format(folder=tmp_path) for one in ARGUMENTS.get(name, [])]
    with pytest.raises(CommandError, match="demo and test settings only"):
        call_command(name, *arguments)
    assert (Member.objects.count(), Organization.objects.count()) == (0, 0)
    assert list(tmp_path.iterdir()) == []


def test_production_does_not_even_have_the_data():
    """The demo's data is an app in the demo and test settings alone."""
    base = import_module("portal.settings.base")
    assert "deploy.demo_data" not in base.INSTALLED_APPS
