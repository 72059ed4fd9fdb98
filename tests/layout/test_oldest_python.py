"""The portal runs on every Python version it claims: 3.11.0 and every newer one.

The tests run on one version, and a name added in a later version would fail only for people who run an earlier one.
This test searches all sources for the names and arguments listed below. It finds a name written with its module
(``tarfile.data_filter``, ``from typing import override``), an argument of a function with a listed name, and a few
methods with rare names. It does not find other methods of objects (``path.walk()``), names that are not in the lists,
and changes of behaviour. Syntax is checked by ruff: ``target-version = "py311"``.
"""

import ast
import re

import pytest

from tests.databases import ROOT

FOLDERS = (
    "portal",
    "deploy",
    "matchmaking",
    "rights",
    "nursing_rooms",
    "childcare",
    "innovation",
    "benchmarks",
    "tests",
)
# Names added after 3.11.0, by the version that added them. Patch releases of 3.11 come first: no other tool checks
# these.
NAMES = {
    "3.11.4": {"tarfile.data_filter", "tarfile.tar_filter", "tarfile.fully_trusted_filter", "tarfile.FilterError",
               "tarfile.AbsolutePathError", "tarfile.OutsideDestinationError", "tarfile.SpecialFileError",
               "tarfile.AbsoluteLinkError", "tarfile.LinkOutsideDestinationError"},
    "3.11.7": {"email.utils.supports_strict_parsing"},
    "3.11.14": {"tarfile.LinkFallbackError"},
    "3.12": {"itertools.batched", "math.sumprod", "typing.override", "typing.TypeAliasType", "random.binomialvariate",
             "collections.abc.Buffer", "calendar.Month", "calendar.Day", "inspect.BufferFlags",
             "inspect.markcoroutinefunction",
             "logging.getHandlerByName", "logging.getHandlerNames", "os.listdrives", "os.unshare", "os.setns",
             "csv.QUOTE_STRINGS", "csv.QUOTE_NOTNULL", "types.get_original_bases", "sys.monitoring",
             "threading.settrace_all_threads", "threading.setprofile_all_threads", "asyncio.eager_task_factory",
             },
    "3.13": {"copy.replace", "warnings.deprecated", "os.process_cpu_count", "glob.translate", "re.PatternError",
             "typing.ReadOnly", "typing.TypeIs", "typing.NoDefault", "typing.get_protocol_members",
             "typing.is_protocol",
             "base64.z85encode", "base64.z85decode", "queue.ShutDown", "random.main", "types.CapsuleType",
             "math.fma", "os.grantpt", "pathlib.UnsupportedOperation"},
    "3.14": {"uuid.uuid6", "uuid.uuid7", "uuid.uuid8", "functools.Placeholder", "heapq.heappush_max", "os.readinto",
             "string.templatelib", "annotationlib", "compression", "concurrent.interpreters",
             "concurrent.futures.InterpreterPoolExecutor", "io.Reader", "io.Writer", "operator.is_none"},
}  # fmt: skip
# Functions, by the last part of their name, and the arguments that the version added to them.
ARGUMENTS = {
    "3.11.4": {"extractall": {"filter"}, "extract": {"filter"}, "unpack_archive": {"filter"}},
    "3.11.10": {"getaddresses": {"strict"}, "parseaddr": {"strict"}},
    "3.12": {"rmtree": {"onexc"}, "NamedTemporaryFile": {"delete_on_close"}, "TemporaryDirectory": {"delete"},
             "relative_to": {"walk_up"}, "glob": {"case_sensitive"}, "rglob": {"case_sensitive"},
             "match": {"case_sensitive"},
             "create_task": {"eager_start"}},
    "3.13": {"glob": {"recurse_symlinks"}, "rglob": {"recurse_symlinks"}, "read_text": {"newline"},
             "is_file": {"follow_symlinks"}, "is_dir": {"follow_symlinks"}, "batched": {"strict"},
             "add_argument": {"deprecated"}, "add_parser": {"deprecated"}},
    "3.14": {"map": {"strict"}, "ArgumentParser": {"suggest_on_error", "color"}},
}  # fmt: skip
METHODS = {"3.12": {"walk_up", "is_junction"}, "3.13": {"full_match", "from_uri"}, "3.14": {"move_into", "copy_into"}}


def newer(source):
    """Return (line, version, name) of everything in a source newer than 3.11.0, by the lists above."""
    tree, known, found = ast.parse(source), {}, []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                known[alias.asname or first] = alias.name if alias.asname else first
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known |= {(alias.asname or alias.name): f"{node.module}.{alias.name}" for alias in node.names}
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
            found.append((node.lineno, node.module))
    seen = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            parts = _dotted(node)
            if parts and parts[0] in known:
                found.append((node.lineno, ".".join([known[parts[0]], *parts[1:]])))
            seen += [
                (node.lineno, version, f".{node.attr}") for version, names in METHODS.items() if node.attr in names
            ]
        elif isinstance(node, ast.Call):
            called = _last(node.func)
            for version, functions in ARGUMENTS.items():
                named = {word.arg for word in node.keywords} & functions.get(called, set())
                seen += [(node.lineno, version, f"{called}({name}=)") for name in sorted(named)]
    seen += [(line, version, name) for line, name in found for version, names in NAMES.items() if name in names]
    return sorted(set(seen))


def _dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else []


def _last(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_no_source_uses_what_came_later():
    paths = [ROOT / "manage.py"] + [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    odd = [
        f"{path.relative_to(ROOT)}:{line}: {name} came with Python {version}"
        for path in paths
        for line, version, name in newer(path.read_text(encoding="utf-8"))
    ]
    assert len(paths) > 500
    assert odd == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import tarfile\ntarfile.open('x').extractall('y', filter='data')", [(2, "3.11.4", "extractall(filter=)")]),
        ("import tarfile as t\nt.data_filter", [(2, "3.11.4", "tarfile.data_filter")]),
        ("from typing import override", [(1, "3.12", "typing.override")]),
        ("import shutil\nshutil.rmtree('x', onexc=print)", [(2, "3.12", "rmtree(onexc=)")]),
        ("import uuid\nuuid.uuid7()", [(2, "3.14", "uuid.uuid7")]),
        ("from compression import zstd", [(1, "3.14", "compression")]),
        ("from pathlib import Path\nPath('x').full_match('y')", [(2, "3.13", ".full_match")]),
        ("import tarfile\ntarfile.open('x').extractall('y')", []),
        ("import shutil\nshutil.rmtree('x', ignore_errors=True)", []),
    ],
)
def test_the_search_sees_what_it_is_for(source, found):
    assert newer(source) == found


def test_one_floor_is_claimed_everywhere():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^requires-python = ">=3\.11"$', project, re.MULTILINE)
    assert re.search(r'^target-version = "py311"$', project, re.MULTILINE)
    assert "--python-version 3.11 " in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_an_older_python_is_told_so_before_anything_else():
    """An older Python gets a clear message first.

    Older versions also parse manage.py, so it may use no newer syntax before it prints the message.
    """
    source = (ROOT / "manage.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "sys.version_info < (3, 11)" in source
