"""Files of npm packages that pages load, copied into ``static/vendor`` by the list in ``assets.json``.

The list maps a path under ``static/vendor`` to a path under ``node_modules``; a folder is copied whole. Files that are
no longer in the list are removed.

Use: ``python -m deploy.assets``
"""

import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = Path(__file__).with_name("assets.json")
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "static" / "vendor"
# Source maps are not shipped, and collectstatic refuses a file that refers to a missing source map.
_SOURCE_MAP = re.compile(rb"\n?(?://[#@]\s*sourceMappingURL=[^\n]*|/\*[#@]\s*sourceMappingURL=.*?\*/)[ \t]*")


def copy():
    """Bring ``static/vendor`` in line with the list; return the listed files that no package contains."""
    wanted, missing = {}, []
    for target, name in json.loads(LIST.read_text(encoding="utf-8")).items():
        source = SOURCE / name
        if source.is_dir():
            wanted |= {TARGET / target / path.relative_to(source): path for path in source.rglob("*") if path.is_file()}
        elif source.is_file():
            wanted[TARGET / target] = source
        else:
            missing.append(name)
    for path in sorted(TARGET.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and path not in wanted:
            path.unlink()
    for target, source in wanted.items():
        content = source.read_bytes()
        if target.suffix in {".css", ".js", ".mjs"}:
            content = _SOURCE_MAP.sub(b"", content)
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            shutil.copymode(source, target)
    return missing


def main():
    """Copy the files, print what is missing, and return the exit code."""
    missing = copy()
    for name in missing:
        print(f"deploy/assets.json names {name}, which is not in node_modules.", file=sys.stderr, flush=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
