"""Sign-ups are created in one module.

Every entry point uses the registration engine.
"""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from portal.signups.models import Offering, SignUp

DOOR = "portal/signups/services.py"
# A past year is written in bulk for the demo, because the engine admits nobody to an event that is over.
PAST = "matchmaking/demo/past_year.py"
CREATING = {"create", "acreate", "bulk_create", "abulk_create", "get_or_create", "aget_or_create"}
CREATING |= {"update_or_create", "aupdate_or_create", "build", "model"}
LEFT_OUT = {"tests", "node_modules", "var", "migrations", ".venv"}


def names():
    """Return the names by which a sign-up's model or rows are reached.

    They are the names of classes and of the offerings' relations.
    """
    signups = [model for model in apps.get_models() if issubclass(model, SignUp)]
    related = {
        relation.get_accessor_name()
        for model in apps.get_models()
        if issubclass(model, Offering)
        for relation in model._meta.related_objects
        if issubclass(relation.related_model, SignUp)
    }
    return {model.__name__ for model in signups}, related | {f"{model.__name__.lower()}s" for model in signups}


def writes(text):
    """Return the line numbers of ``text`` that create a sign-up.

    For example ``Participation(...)`` or ``event.signups.create(...)``.
    """
    classes, relations = names()
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            parts = _parts(node.func)
            row = parts[-1] in classes
            manager = parts[-1] in CREATING and bool((classes | relations) & set(parts[:-1]))
            raw = any(
                isinstance(part, ast.Constant)
                and isinstance(part.value, str)
                and "INSERT INTO" in part.value.upper()
                and any(model._meta.db_table in part.value for model in apps.get_models() if issubclass(model, SignUp))
                for part in ast.walk(node)
            )
            if row or manager or raw:
                found.append(node.lineno)
    return found


def _parts(node):
    """Return the parts of the dotted name that is called, without calls in between.

    For example: Participation, objects, filter, create.
    """
    if isinstance(node, ast.Attribute):
        return [*_parts(node.value), node.attr]
    if isinstance(node, ast.Call):
        return _parts(node.func)
    return [node.id] if isinstance(node, ast.Name) else [""]


def sources():
    root = Path(settings.BASE_DIR)
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if not LEFT_OUT & set(inside.parts):
            yield str(inside), path.read_text(encoding="utf-8")


def test_no_other_module_makes_a_sign_up():
    found = {path: lines for path, text in sources() if path not in {DOOR, PAST} and (lines := writes(text))}
    assert found == {}


def test_the_door_itself_makes_them_by_one_call():
    text = (Path(settings.BASE_DIR) / DOOR).read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    assert sum(ast.unparse(call.func) == "held.signups.model" for call in calls) == 1
    assert sum(any(word.arg == "force_insert" for word in call.keywords) for call in calls) == 1


@pytest.mark.parametrize(
    "planted",
    [
        "Participation(offering=event, member=member)",
        "Participation.objects.create(offering=event)",
        "models.Participation.objects.filter(pk=1).get_or_create(member=member)",
        "event.signups.create(member=member)",
        "event.signups.bulk_create(rows)",
        "event.signups.model(member=member)",
        "member.participations.create(offering=event)",
        "cursor.execute('INSERT INTO matchmaking_participation (id) VALUES (1)')",
    ],
)
def test_control_a_second_door_is_seen(planted):
    assert writes(f"def add(event, member):\n    {planted}\n") == [2]


@pytest.mark.parametrize("harmless", ["Participation.objects.filter(pk=1).first()", "event.signups.update(place=1)"])
def test_reading_is_no_door(harmless):
    assert writes(harmless) == []
