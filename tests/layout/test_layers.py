"""One thing has one file name in every layer, and names are imported from the module that holds them."""

import ast
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.conf import settings
from django.forms import ModelForm
from django_filters import FilterSet
from django_tables2 import Table

from tests.areas import AREAS
from tests.layout.addresses import is_own

ROOT = settings.BASE_DIR
LAYERS = ("choices", "querysets", "forms", "filters", "tables", "selectors", "services", "actions", "views")
FOLDERS = ("desk", "member")
# Packages that Django, Celery or the portal find by name: their __init__ imports the modules.
BY_NAME = {"models", "admin", "tasks", "own_data", "imports", "demo"}
INITS = {"portal/__init__.py": "Celery asks that Django loads its application here"}
# Modules named after what is done, where that is more than the pages or services of one model.
ACTIVITIES = {
    "inspections": {
        "findings": "abstract models, of which each area makes its own",
        "inspections": "abstract models, of which each area makes its own",
        "notices": "the official letter on what an inspection found",
        "scores": "the page on which inspectors enter scores",
    },
    "matchmaking": {
        "calendar": "the months of events and venues",
        "changing": "copies of events, and changes of events that are public",
        "ending": "what ends with a pair, an introduction or a block",
        "papers": "posters, sheets and documents of an event",
        "pausing": "start, pause, leave and return with one's own profile",
        "promises": "what a service promises to do later",
        "retention": "what is deleted when",
        "reviewing": "the review of sign-ups before they are accepted",
        "singles": "the search for singles, and their cards",
        "standing": "who may take part at all, asked again by the clock",
    },
    "nursing_rooms": {
        "doors": "the page at the door of a room",
        "finder": "the search of visitors for a room",
        "plates": "the plate of a room, which is a certificate",
        "visits": "visits counted at the door",
    },
    "members": {
        "account": "one's own account: agreements and history",
        "activation": "the first sign-in of a person from a roster",
        "erasing": "the erasure of a person",
        "fields": "form fields of several forms",
        "following": "what other packages learn of a change",
        "last_resort": "a duty restored on the server",
        "numbers": "phone numbers as keys of accounts",
        "picking": "a form that finds a person by phone",
        "places": "the organisations that a member of staff may choose from",
        "recovery": "recovery codes on paper",
        "restoring": "locked accounts and lost second factors",
        "reveals": "masked fields that are shown for a reason",
        "second_person": "who is asked to be the second person",
        "security": "password, second factor and sessions of staff",
        "sweeping": "what the clock deletes",
        "telling": "messages about an account",
    },
    "childcare": {
        "classes": "class terms as guardians and teachers see them",
        "finder": "the search of parents for a class or a nursery place",
        "telling": "messages to guardians",
    },
    "rights": {
        "applicants": "what the applicant does with the receipt",
        "assigning": "who gets a case",
        "closing": "the end of a case, and its reopening",
        "files": "the files of a case",
        "leave": "the maternity-leave calculator: a calculation, no rows",
    },
}

# What is about a model and stands beside another one.
BESIDE = {"VettingTable": "profiles that wait for vetting, beside the appeals"}


def own_apps():
    return sorted(config.label for config in apps.get_app_configs() if is_own(config))


def package(label, layer):
    """Return the dotted name of a layer of an app where it is a package, else None."""
    config = apps.get_app_config(label)
    return f"{config.name}.{layer}" if (ROOT / config.name.replace(".", "/") / layer).is_dir() else None


@cache
def modules(name):
    """Return the modules below a package by their dotted names."""
    found = {}
    for info in iter_modules(import_module(name).__path__, f"{name}."):
        if info.ispkg:
            found |= modules(info.name)
        else:
            found[info.name] = import_module(info.name)
    return found


def stem(name):
    return name.rpartition(".")[2]


def things(label):
    """Return the names of the modules of an app's models."""
    return {stem(model.__module__) for model in apps.get_app_config(label).get_models()}


def layers():
    """Return (app, layer, module) of each module of a layer, in apps whose models are a package."""
    return [
        (label, layer, name)
        for label in own_apps()
        if package(label, "models")
        for layer in LAYERS
        if package(label, layer)
        for name in modules(package(label, layer))
    ]


def classes(module, base):
    """Return the classes of a module that it defines itself and that derive from ``base``."""
    found = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, base)]
    return [value for value in found if value.__module__ == module.__name__]


@pytest.mark.parametrize("label", sorted({label for label, _layer, _name in layers()}))
def test_a_module_of_a_layer_is_named_after_a_thing_or_a_known_activity(label):
    known = things(label) | set(ACTIVITIES.get(label, ()))
    assert [name for app, _layer, name in layers() if app == label and stem(name) not in known] == []


def test_the_activities_exist_and_are_no_things():
    for label, named in ACTIVITIES.items():
        used = {stem(name) for app, _layer, name in layers() if app == label}
        assert set(named) <= used
        assert set(named) & things(label) == set()
        assert all(named.values())


def test_what_is_made_of_a_model_has_the_name_of_its_module():
    odd = []
    for label, layer, name in layers():
        if layer not in ("forms", "filters", "tables"):
            continue
        for made in classes(import_module(name), (ModelForm, FilterSet, Table)):
            model = getattr(made._meta, "model", None)
            if model is None or model._meta.app_label != label:
                continue
            known = {stem(model.__module__), *ACTIVITIES.get(label, ())}
            if stem(name) not in known and made.__name__ not in BESIDE:
                odd.append(f"{name}.{made.__name__} is about {model.__name__} of {model.__module__}")
    assert odd == []


def test_the_queryset_of_a_model_has_the_name_of_its_module():
    odd = []
    for label in own_apps():
        if not package(label, "models") or not package(label, "querysets"):
            continue
        for model in apps.get_app_config(label).get_models():
            rows = type(model._default_manager.all())
            at = rows.__module__
            if at.startswith(package(label, "querysets")) and model.__name__ in rows.__name__:
                odd += [f"{rows.__name__} stands in {at}"] if stem(at) != stem(model.__module__) else []
    assert odd == []


def test_pages_of_members_and_of_the_desk_are_apart():
    odd = []
    for _label, layer, name in layers():
        if layer != "views":
            continue
        folder = name.split(".")[-2]
        if folder not in FOLDERS:
            odd.append(f"{name} is in none of the folders {FOLDERS}")
            continue
        wrong = FOLDERS[1 - FOLDERS.index(folder)]
        odd += [
            f"{name}.{page.__name__}"
            for page in classes(import_module(name), object)
            if vars(page).get("shell") == wrong
        ]
    assert odd == []


def inits():
    tops = ("portal", *AREAS, "deploy", "benchmarks")
    return [path for top in tops for path in sorted((ROOT / top).rglob("__init__.py"))]


def test_packages_hold_nothing_of_their_own():
    filled = [path for path in inits() if path.read_text(encoding="utf-8").strip()]
    odd = [
        path.relative_to(ROOT).as_posix()
        for path in filled
        if path.parent.name not in BY_NAME and path.relative_to(ROOT).as_posix() not in INITS
    ]
    assert odd == []
    for path in filled:
        kinds = {type(node) for node in ast.parse(path.read_text(encoding="utf-8")).body}
        # A docstring, imports, and the lists that are found by name.
        assert kinds <= {ast.Expr, ast.Import, ast.ImportFrom, ast.Assign}, path


@pytest.mark.parametrize("area", ["matchmaking", "rights", "nursing_rooms"])
def test_tests_are_named_after_what_they_test(area):
    """A file of tests begins with the name of a thing, an activity or a module of the area."""
    known = things(area) | set(ACTIVITIES.get(area, ())) | {"journey"}
    known |= {path.stem for path in (ROOT / area).iterdir() if not path.name.startswith("_")}
    if package(area, "models") is None:
        known |= {"stations"}
    names = [path.stem.removeprefix("test_") for path in (ROOT / "tests" / area).glob("test_*.py")]
    assert [name for name in names if not any(f"{name}_".startswith(f"{word}_") for word in known)] == []
