"""Repeats a published draw: ``python3 draw_check.py published.json`` prints "same", or "different" and what differs.

Needs Python 3.8 or later and nothing else. It cannot know two things, so look at them yourself: the "hash" in the file
is the one that was announced before the draw, and the "seed" is what its public source says.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def repeat(file: Any) -> dict[str, Any]:
    """Return the file as it must be, by its list, its seed and its withdrawn numbers."""
    entries = sorted(file["list"]["entries"], key=lambda entry: entry["number"])
    numbers, gone = {entry["number"] for entry in entries}, set(file["withdrawn"])
    if len(numbers) < len(entries):
        raise ValueError("a number is on the list twice")
    list_hash = sha256(json.dumps(dict(file["list"], entries=entries), sort_keys=True, separators=(",", ":")))

    # A child alone takes one turn, and so do siblings with the same group number; their smallest number draws for them.
    turns: dict[str, Any] = {}
    for entry in entries:
        name = "group {group}" if entry["group"] else "number {number}"
        first = turns.setdefault(name.format(**entry), dict(entry, members=[]))
        if entry["wishes"] != first["wishes"] or entry["priority"] != first["priority"]:
            raise ValueError("siblings on the list have different wishes or priorities")
        first["members"] += [entry["number"]] if entry["number"] not in gone else []
        first["key"] = sha256(f"{list_hash}:{file['seed']}:{first['number']}")

    # In the order of turns: the first wish with room for all of them, or a position in each waiting list.
    free, admitted = dict(file["list"]["capacity"]), {}
    waiting: dict[str, list[int]] = {code: [] for code in free}
    for turn in sorted(turns.values(), key=lambda turn: (turn["priority"], turn["key"], turn["number"])):
        fitting = [code for code in turn["wishes"] if free[code] >= len(turn["members"])]
        for code in fitting[:1]:
            free[code] -= len(turn["members"])
            admitted.update({str(number): code for number in turn["members"]})
        for code in turn["wishes"] if not fitting else []:
            waiting[code] += turn["members"]
    done = {"format": 1, "list": file["list"], "hash": list_hash, "seed": file["seed"]}
    return dict(done, withdrawn=sorted(gone & numbers), admitted=admitted, waiting=waiting)


def difference(file: Any) -> str:
    """Return which parts of the file are not as they must be; '' for none."""
    try:
        found = repeat(file)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return f"this is not the file of a draw: {error!r}"
    both = {part for part in found if file.get(part) == found[part]}
    parts = sorted({*file, *found} - both)
    for part in [part for part in ("admitted", "waiting") if part in parts and isinstance(file.get(part), dict)]:
        keys = [key for key in {**found[part], **file[part]} if file[part].get(key) != found[part].get(key)]
        parts[parts.index(part)] = "{} ({})".format(part, ", ".join(sorted(keys)[:5]))
    return ", ".join(parts)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8-sig") as opened:
        differs = difference(json.load(opened))
    sys.stdout.write(f"different: {differs}\n" if differs else "same\n")
    sys.exit(1 if differs else 0)
