"""Read the commands from the text of docs/operating.md, so that guide and drill cannot differ."""

import re

from tests.databases import ROOT

FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def section(title):
    """Return the text of a section, from its ``##`` line to the next one."""
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/operating.md has no section {title}"
    return found[1]


def script_of(title):
    """Return the lines of all ``sh`` blocks of a section as one script.

    The script prints the heading of each block on its error output.
    """
    parts = []
    for heading in re.split(r"^(?=### )", section(title), flags=re.MULTILINE):
        name = heading.partition("\n")[0].removeprefix("### ").strip() or title
        parts += [f"echo '== {name}' >&2\n{block}" for block in FENCE.findall(heading)]
    return "\n".join(parts)
