"""Findings as text in Prometheus exposition format 0.0.4."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.core.health import Check

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NAME = re.compile(r"[a-z][a-z0-9_]*")


def exposition(checks: Iterable[Check], info: Mapping[str, str]) -> str:
    """Return the page: each finding as 0 or 1, each of its figures, and ``info`` as labels of one line.

    All values are gauges read from the database, so every process of the web server gives the same answer.
    """
    with translation.override("en"):
        lines = _family("info", "What runs.", [(info, 1)])
        well = [({"check": check.name, "grave": str(check.grave).lower()}, int(check.well)) for check in checks]
        lines += _family("check_well", "Whether a finding is in order (1) or not (0).", well)
        for check in checks:
            for name, value in check.figures.items():
                if value is not None:
                    lines += _family(name, str(check.label), [({}, value)])
    return "\n".join(lines) + "\n"


def _family(name: str, words: str, rows: Iterable[tuple[Mapping[str, str], float]]) -> list[str]:
    if not NAME.fullmatch(name):
        raise ValueError(f"no name of a metric: {name}")
    full = f"portal_{name}"
    words = words.replace("\\", r"\\").replace("\n", " ")
    return [f"# HELP {full} {words}", f"# TYPE {full} gauge", *(f"{full}{_labels(row)} {value}" for row, value in rows)]


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items()) + "}"


def _quoted(value: object) -> str:
    return str(value).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
