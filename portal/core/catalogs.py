"""Message catalogs by Babel alone: texts in the source, texts in the catalog, and their differences.

English ids are the English text, plurals included (Django falls back on the ids), so there is no English catalog.
"""

from __future__ import annotations

import ast
import os
import re
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

# Function -> positions of its context, message and plural arguments.
_PLAIN, _PLURAL, _CONTEXT, _BOTH = (None, 0, None), (None, 0, 1), (0, 1, None), (0, 1, 2)
FUNCTIONS = {
    "_": _PLAIN,
    "_lazy": _PLAIN,
    "gettext": _PLAIN,
    "gettext_lazy": _PLAIN,
    "gettext_noop": _PLAIN,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "npgettext": _BOTH,
    "npgettext_lazy": _BOTH,
}
TEMPLATE_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml", ".svg"}
SKIPPED_FOLDERS = {"node_modules", "__pycache__", "static", "migrations"}
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: women-committee-portal\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
# Line number, text or texts, context.
Found = tuple[int, str | tuple[str, ...], str | None]
# Text (the first one of a plural) and context.
Key = tuple[str, str | None]
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Conversions with flags are not matched: "50% off" in a text that is never formatted would be read as "% o".
_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<kind>[.\d]*[sdrfi])|%%")
_BRACE = re.compile(r"{(\w*)(?:![rsa])?(?::[^{}]*)?}")


@dataclass
class Findings:
    """The faults found in a catalog; each list holds lines for the screen."""

    unreadable: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    fuzzy: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    without_chinese: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def lines(self) -> list[str]:
        """Return one line for each finding, beginning with its kind."""
        return [f"{kind.replace('_', ' ')}: {line}" for kind, found in vars(self).items() for line in found]


def _put_together(argument: ast.expr | None) -> bool:
    formatted = isinstance(argument, ast.Call) and getattr(argument.func, "attr", None) == "format"
    return formatted or isinstance(argument, ast.JoinedStr | ast.BinOp)


def python_messages(source: str) -> tuple[list[Found], list[tuple[int, str]]]:
    """Return (messages, faults) of Python source.

    A message is (line, ids, context); a fault is the line of a call whose text is put together at run time, and the
    name of the function called.
    """
    messages, faults = [], []
    nodes = list(ast.walk(ast.parse(source)))
    functions = FUNCTIONS | {
        alias.asname: FUNCTIONS[alias.name]
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and alias.name in FUNCTIONS
    }
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name not in functions or (name.startswith("_") and not isinstance(node.func, ast.Name)):
            continue
        context_at, *ids_at = functions[name]
        wanted = [at for at in (context_at, *ids_at) if at is not None]
        given = [node.args[at] if at < len(node.args) else None for at in wanted]
        if any(map(_put_together, given)):
            faults.append((node.lineno, name))
            continue
        texts = [arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if len(texts) == len(given):
            context = texts.pop(0) if context_at is not None else None
            messages.append((node.lineno, texts[0] if len(texts) == 1 else tuple(texts), context))
    return messages, faults


def template_messages(source: str, name: str) -> list[Found]:
    """Return the messages of a Django template as (line, ids, context)."""
    # The text left of the markup is not Python, but without indentation and unusual whitespace it can still be split
    # into tokens.
    lines = [re.sub(r"\s", " ", line.strip()) for line in templatize(source, origin=name).splitlines()]
    code = BytesIO("\n".join(lines).encode())
    return [(line, ids, context) for line, ids, _, context in extract("python", code, TEMPLATE_KEYWORDS)]


def source_files(roots: Iterable[Path]) -> list[Path]:
    """Return the Python files and templates below ``roots``, sorted.

    Packages, static files and migrations are left out.
    """
    found = set()
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith(".")]
            in_templates = "templates" in Path(folder).parts
            for name in files:
                suffix = Path(name).suffix
                if suffix == ".py" or (in_templates and suffix in TEMPLATE_SUFFIXES):
                    found.add(Path(folder) / name)
    return sorted(found)


def extract_catalog(base: Path, roots: Iterable[Path], language: str) -> tuple[Catalog, list[str]]:
    """Return (catalog, faults): a new catalog of all sources below ``roots``.

    Paths are relative to ``base``.
    """
    catalog, faults = Catalog(locale=language), []
    for path in source_files(roots):
        name = path.relative_to(base).as_posix()
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            messages, unreadable = python_messages(source)
            faults += [f"{name}:{line} {call}() is given a text put together at run time" for line, call in unreadable]
        else:
            messages = template_messages(source, name)
        for _line, ids, context in messages:
            if ids:
                catalog.add(ids, locations=[(name, 0)], context=context)
    return catalog, faults


def read_catalog(path: Path) -> Catalog:
    """Return the catalog in the .po file ``path``; an empty one when there is none."""
    if not path.exists():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file)


def _key(message: Message) -> Key:
    return (message.id[0] if isinstance(message.id, tuple | list) else message.id, message.context)


def _entries(catalog: Catalog) -> dict[Key, Message]:
    return {_key(message): message for message in catalog if message.id}


def _texts(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def merge(fresh: Catalog, kept: Catalog) -> Catalog:
    """Return ``fresh`` with the translations of ``kept``, without guessing; unused entries are left out."""
    old = _entries(kept)
    merged = Catalog(locale=fresh.locale)
    ordered = sorted(_entries(fresh).values(), key=lambda message: (message.locations[0][0], *map(str, _key(message))))
    for message in ordered:
        before = old.get(_key(message))
        texts = _texts(before) if before is not None and not before.fuzzy else ("",) * fresh.num_plurals
        string = texts if isinstance(message.id, tuple | list) else texts[0]
        locations = sorted(set(message.locations))
        merged[message.id] = Message(message.id, string, locations, message.flags, context=message.context)
    return merged


def write_catalog(catalog: Catalog, path: Path) -> None:
    """Write ``catalog`` as .po without dates and line numbers, so that a diff shows only changed texts."""
    body = BytesIO()
    write_po(body, catalog, width=110, omit_header=True, include_lineno=False)
    language = path.parents[1].name
    header = HEADER.format(language=language, plurals=catalog.plural_forms)
    text = header + body.getvalue().decode().strip("\n") + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def compile_catalog(source: Path, target: Path) -> int:
    """Write the .mo of ``source`` atomically, so that a running process never reads half a file."""
    catalog = read_catalog(source)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        write_mo(file, catalog)
    made = Path(file.name)
    made.chmod(0o644)
    made.replace(target)
    return sum(1 for message in _entries(catalog).values() if all(_texts(message)))


def _placeholders(text: str) -> tuple[set[str], list[str], set[str]]:
    percent = [match for match in _PERCENT.finditer(text) if match["kind"]]
    named = {f"%({match['name']})" for match in percent if match["name"]}
    positional = [f"%{match['kind']}" for match in percent if not match["name"]]
    return named, positional, {f"{{{name}}}" for name in _BRACE.findall(text)}


class _Probe(dict[str, int]):
    def __missing__(self, key: str) -> int:
        return 1


def _formats(text: str, positional: Sequence[str]) -> bool:
    try:
        text % (tuple(1 for _ in positional) if positional else _Probe())
    except (ValueError, TypeError):
        return False
    return True


def placeholders_differ(message: Message) -> bool:
    """Return whether a translation uses other placeholders than its id, or fails when it is formatted.

    For a plural id only the last form must be matched in full, because "one row" may stand for ``%(count)s`` rows.
    """
    ids = tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)
    wanted = _placeholders(ids[-1])
    formatted = bool(wanted[0] or wanted[1] or "%%" in ids[-1])
    for text in _texts(message):
        if text and (_placeholders(text) != wanted or (formatted and not _formats(text, wanted[1]))):
            return True
    return False


def _show(key: Key) -> str:
    text, context = key
    return f"{text!r} ({context})" if context else repr(text)


def read_list(path: Path) -> set[str]:
    r"""Return the lines of a word list as a set; ``\n`` stands for a line break and ``#`` opens a comment."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line.replace("\\n", "\n") for line in lines if line.strip() and not line.startswith("#")}


def check_catalog(
    fresh: Catalog,
    held: Catalog,
    *,
    faults: Iterable[str] = (),
    without_chinese: Set[str] = frozenset(),
    foreign: Set[Key] = frozenset(),
) -> Findings:
    """Compare a freshly extracted catalog with the stored one.

    ``foreign`` are the keys that other packages leave untranslated.
    """
    wanted, kept = _entries(fresh), _entries(held)
    found = Findings(unreadable=list(faults))
    found.unused = [_show(key) for key in kept if key not in wanted]
    found.missing = [f"{_show(key)} of another package: list it in locale/foreign.py" for key in foreign - set(wanted)]
    found.missing.sort()
    used = set()
    for key, source in wanted.items():
        message = kept.get(key)
        if message is None or not all(_texts(message)) or isinstance(message.id, str) != isinstance(source.id, str):
            found.missing.append(f"{_show(key)} in {source.locations[0][0]}")
        elif message.fuzzy:
            found.fuzzy.append(_show(key))
        else:
            if not all(CHINESE.search(text) for text in _texts(message)):
                used.add(key[0])
                if key[0] not in without_chinese:
                    found.without_chinese.append(_show(key))
            if placeholders_differ(message):
                found.placeholders.append(f"{_show(key)} -> {_texts(message)!r}")
    found.unused += [f"{text!r} in the list of texts without Chinese" for text in sorted(without_chinese - used)]
    return found


def foreign_ids(folders: Iterable[Path], language: str) -> set[Key]:
    """Return the keys that the packages with the locale ``folders`` leave untranslated in ``language``.

    The texts of a package are read from its English catalog, or from any other that it has.
    """
    left = set()
    for folder in folders:
        catalogs = {path.parents[1].name: path for path in sorted(folder.glob("*/LC_MESSAGES/django.po"))}
        if not catalogs:
            continue
        said = _entries(read_catalog(catalogs.get("en") or next(iter(catalogs.values()))))
        translated = _entries(read_catalog(catalogs[language])) if language in catalogs else {}
        for key in said:
            message = translated.get(key)
            if message is None or message.fuzzy or not all(_texts(message)):
                left.add(key)
    return left
