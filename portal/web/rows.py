"""Rows on a page, each shown by itself.

A row that cannot be shown is left out and counted (``portal.core.guard``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.template.defaulttags import ForNode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core import guard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.template.base import NodeList, Parser, Token
    from django.template.context import Context
    from django_tables2.columns import BoundColumn
    from django_tables2.rows import BoundRow


class _Body(template.Node):
    """The content of the tag ``each`` for one row."""

    def __init__(self, nodes: NodeList, names: Sequence[str]) -> None:
        self.nodes, self.names = nodes, names
        self.child_nodelists = ("nodes",)

    def render(self, context: Context) -> str:
        with guard.sparing(tuple(context.get(name) for name in self.names)):
            return self.nodes.render(context)
        return ""


def each(parser: Parser, token: Token) -> ForNode:
    """Loop as ``for`` does; a row that cannot be shown is left out, and the page says so at its end."""
    bits = token.split_contents()
    if len(bits) < 4 or bits[-2] != "in":
        raise template.TemplateSyntaxError("each: {% each row in rows %}")
    names = [name.strip() for name in " ".join(bits[1:-2]).split(",")]
    rows = parser.compile_filter(bits[-1])
    body, empty = parser.parse(("empty", "endeach")), None
    if parser.next_token().contents == "empty":
        empty = parser.parse(("endeach",))
        parser.delete_first_token()
    return ForNode(names, rows, False, template.NodeList([_Body(body, names)]), empty)


def left_out_words() -> str:
    """Return how many entries were left out since the page last told, as text; '' if none was."""
    number = guard.untold()
    if not number:
        return ""
    words = ngettext("%(count)s entry cannot be shown.", "%(count)s entries cannot be shown.", number)
    words %= {"count": number}
    return f"{words} {_('The others are complete. The administrators find the reason in the log.')}"


def shown_rows(rows: Iterable[BoundRow]) -> list[tuple[BoundRow, list[tuple[BoundColumn, object]]]]:
    """Return (row, cells) for the rows of a table that can be shown.

    Cells are pairs of column and content.
    """
    return list(guard.each(rows, lambda row: (row, list(row.items()))))
