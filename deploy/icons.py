"""Builds static/icons.svg, a sprite of the Tabler icons listed in deploy/icons.txt.

Run after adding a name: ``python deploy/icons.py``. The sprite is committed, so only a developer who adds an icon needs
to run it.
"""

import re
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
NAMES = BASE_DIR / "deploy" / "icons.txt"
SPRITE = BASE_DIR / "static" / "icons.svg"
ICONS = Path("@tabler") / "icons" / "icons"
STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


def symbol(name, svg):
    """Return the ``<symbol>`` of an icon without its invisible 24 x 24 frame."""
    body = re.sub(r"\s+", " ", svg[svg.index(">") + 1 : svg.rindex("</svg>")]).strip()
    body = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "").replace("> <", "><").strip()
    look = 'fill="currentColor"' if name.endswith("-filled") else STROKE
    return f'<symbol id="{name}" viewBox="0 0 24 24" {look}>{body.replace(" />", "/>")}</symbol>'


def source(node_modules, name):
    """Return the file of an icon; names ending in -filled are the solid ones."""
    if name.endswith("-filled"):
        return node_modules / ICONS / "filled" / f"{name.removesuffix('-filled')}.svg"
    return node_modules / ICONS / "outline" / f"{name}.svg"


def main(node_modules):
    """Write the sprite from the packages under ``node_modules``; exit with a message if a file is missing."""
    symbols = []
    for name in sorted(set(NAMES.read_text(encoding="utf-8").split())):
        path = source(node_modules, name)
        if not path.exists():
            sys.exit(f"There is no Tabler icon named {name}; look in {path.parent}.")
        symbols.append(symbol(name, path.read_text(encoding="utf-8")))
    SPRITE.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", encoding="utf-8"
    )
    print(f"{len(symbols)} icons in {SPRITE.relative_to(BASE_DIR)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BASE_DIR / "node_modules")
