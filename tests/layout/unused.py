"""Find what the tree has but nothing uses.

Searched are templates, icons, classes of style sheets, template tags, and names of modules.

Every finder errs towards use: a word that occurs anywhere, in whatever sense, counts as a use. So everything found is
unused, but an unused name that also occurs elsewhere is not found.
"""

import ast
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loaders.app_directories import get_app_template_dirs

ROOT = Path(settings.BASE_DIR)
OURS = ("portal", "matchmaking", "rights", "nursing_rooms", "childcare", "innovation", "deploy", "benchmarks")
STYLES = (
    "static/web/portal.css",
    "static/web/admin.css",
    "static/locations/locations.css",
    "static/inspections/inspections.css",
    "static/matchmaking/matchmaking.css",
    "static/nursing_rooms/finder.css",
    "static/nursing_rooms/nursing_rooms.css",
)
# Modules whose names are read by Django, Celery or gunicorn.
ASKED_FOR = re.compile(r"^portal/settings/|^deploy/gunicorn_config|/migrations/|(^|/)(apps|urls)\.py$")
WORD = re.compile(r"[A-Za-z_]\w*")


@cache
def python():
    """Return {path: syntax tree} of every module of the project."""
    found = [path for folder in OURS for path in sorted((ROOT / folder).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in found}


@cache
def texts(*folders_and_ends):
    """Return {path: text} of the files below folders: ``texts("templates .html .txt", "static .js")``."""
    found = {}
    for folder, *ends in map(str.split, folders_and_ends):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in ends and "vendor" not in path.parts:
                found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
    return found


def templates():
    """Return {name: text} of the templates."""
    return {name.removeprefix("templates/"): text for name, text in texts("templates .html .txt").items()}


def scripts():
    return texts("static .js")


@cache
def constants():
    """Return the string constants of the modules and the patterns of their f-strings.

    The patterns are regular expressions for what an f-string may become.
    """
    plain, made = set(), set()
    for tree in python().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w-]+" for part in node.values]
                made.add("".join(parts))
    return frozenset(plain), frozenset(made)


def unnamed_templates(own):
    """Return the templates of ``own`` that are not used.

    A template is used if a module names it, if it replaces a template of a package, or if a used template includes it.
    A message is named by its kind, "<area>.<name>"; where a service composes the kind, by the name alone.
    """
    plain, made = constants()
    pages = [re.compile(one) for one in made if re.search(r"\.(html|txt)$", one) and "message_" not in one]
    used = {name for name in own if name in plain or any(page.fullmatch(name) for page in pages)}
    for name in own:
        area, _slash, last = name.partition("/")
        kind = last.removeprefix("message_").removesuffix(".txt")
        if last.startswith("message_") and not plain.isdisjoint({kind, f"{area}.{kind}"}):
            used.add(name)
    packages = [
        folder for folder in get_app_template_dirs("templates") if not folder.is_relative_to(ROOT / "templates")
    ]
    used |= {name for name in own if any((folder / name).exists() for folder in packages)}
    waiting = list(used)
    while waiting:
        more = {name for name in re.findall(r"[\"']([\w/.-]+)[\"']", own[waiting.pop()]) if name in own} - used
        used |= more
        waiting += more
    return sorted(own.keys() - used)


def unnamed_icons(icons):
    """Return those of ``icons`` that no module, template or script names."""
    shown = "\n".join([*templates().values(), *scripts().values()])
    return sorted(icons - constants()[0] - set(re.findall(r"[\"'#]([\w-]+)[\"']", shown)))


def asked_icons():
    """Return the icon names used in templates and modules: ``{% icon "name" %}`` and ``icon="name"``."""
    asked = {name for text in templates().values() for name in re.findall(r"{% icon [\"']([\w-]+)[\"']", text)}
    for tree in python().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "icon" and isinstance(node.value, ast.Constant):
                asked.add(node.value.value)
    return asked - {"", None}


def unnamed_classes(sheet):
    """Return the classes of a style sheet that no template, script or string contains.

    A class also counts as used if its beginning occurs before a placeholder: ``shell-{%`` and ``tone-{}`` begin the
    classes whose ends are composed.
    """
    rules = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    classes = {
        name for chosen in re.findall(r"([^{}]+){", rules) for name in re.findall(r"\.([A-Za-z_][\w-]*)", chosen)
    }
    source = "\n".join([*templates().values(), *scripts().values(), *constants()[0]])
    begun = tuple(set(re.findall(r"([A-Za-z_][\w-]*-){", source)))
    return sorted(name for name in classes - set(re.findall(r"[A-Za-z_][\w-]*", source)) if not name.startswith(begun))


def unnamed_tags(tags):
    """Return those of ``tags`` that occur in no template tag or variable."""
    braces = " ".join(part for text in templates().values() for part in re.findall(r"{[{%].*?[%}]}", text, re.S))
    return sorted(set(tags) - set(WORD.findall(braces)))


def unnamed_definitions(trees):
    """Return "module: name" of the top-level definitions that no module names.

    Names in strings and in the example of the settings count, docstrings do not. A re-export by a package does not
    count as a use. Decorated definitions are left out, because the code they are registered with finds them.
    """
    named, defined = set(WORD.findall((ROOT / "deploy/production.env.example").read_text(encoding="utf-8"))), []
    for path, tree in trees.items():
        passes_on = path.endswith("__init__.py")
        sentences = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                named.add(node.id)
            elif isinstance(node, ast.Attribute):
                named.add(node.attr)
            elif isinstance(node, ast.ImportFrom) and not passes_on:
                named |= {alias.name for alias in node.names}
            elif passes_on or id(node) in sentences:
                continue
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                named |= set(WORD.findall(node.value))
        if ASKED_FOR.search(path):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                defined += [(path, node.name)] if not node.decorator_list else []
            elif isinstance(node, ast.Assign):
                names = [one for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)]
                defined += [(path, one.id) for one in names if not one.id.startswith("__")]
    return sorted(f"{path}: {name}" for path, name in defined if name not in named)
