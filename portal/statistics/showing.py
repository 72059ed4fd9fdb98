"""How pages show figures: formatted numbers, changes in words, URLs of the rows behind them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.figures import Ratio
from portal.core.periods import PeriodKind
from portal.statistics import asking
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures
from portal.statistics.selectors import targets as targets_selectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.core.periods import Period
    from portal.organizations.models import Organization
    from portal.statistics.selectors.figures import Cell


@dataclass(frozen=True)
class Shown:
    """One figure on a page.

    ``value`` is None where there is no data; ``text`` is shown in its place for ratios. ``url`` leads to the rows, or
    is '' where the figure opens none; ``parts`` are the two parts of a ratio.
    """

    value: Decimal | int | None
    text: str = ""
    url: str = ""
    change: str = ""
    parts: tuple[Shown, ...] = ()
    pending: bool = False

    @property
    def plot(self) -> str:
        """Return the number for a chart: per cent for ratios, '' without data."""
        return "" if self.value is None else self.text or f"{self.value}"


def rows_url(code: str, node: Organization, period: Period) -> str:
    """Return the URL of the rows behind a figure, or '' where the figure opens none."""
    indicator = indicators()[code]
    if isinstance(indicator.figure, Ratio):
        return ""
    if indicator.opens_from is not None and node.level < indicator.opens_from:
        return ""
    return address("statistics:figure-rows", code=code, node=node.pk, period=period)


def explorer_url(code: str, node: Organization, period: Period) -> str:
    """Return the URL of the explorer for an indicator, an organisation and a period."""
    return address("statistics:explorer", code=code, node=node.pk, period=period)


def address(name: str, **parameters: object) -> str:
    """Return the URL of page ``name`` with its parameters."""
    return f"{reverse(name)}?{urlencode({key: str(value) for key, value in parameters.items()})}"


def as_text(code: str, value: Decimal | int | None) -> str:
    """Return a ratio as text, per cent or a number, with one decimal; '' for other figures or no data."""
    figure = indicators()[code].figure
    if not isinstance(figure, Ratio) or value is None:
        return ""
    return f"{value * 100:.1f}" if figure.percent else f"{value:.1f}"


def change_words(code: str, now: Decimal | int | None, before: Decimal | int | None) -> str:
    """Return the difference between two figures in words; '' where one of them has no data."""
    if now is None or before is None:
        return ""
    difference = now - before
    figure = indicators()[code].figure
    if isinstance(figure, Ratio):
        points = Decimal(difference) * (100 if figure.percent else 1)
        if abs(points) < Decimal("0.05"):
            return _("the same as a year ago")
        words = (
            _("%(number)s points more than a year ago") if points > 0 else _("%(number)s points less than a year ago")
        )
        return words % {"number": f"{abs(points):.1f}"}
    if not difference:
        return _("the same as a year ago")
    words = _("%(number)s more than a year ago") if difference > 0 else _("%(number)s fewer than a year ago")
    return words % {"number": f"{abs(difference):,}"}


def shown(code: str, node: Organization, period: Period, cell: Cell, before: Cell | None = None) -> Shown:
    """Return a Cell of ``node`` as Shown; ``before`` is the Cell of a year earlier."""
    figure = indicators()[code].figure
    parts: tuple[Shown, ...] = ()
    if isinstance(figure, Ratio) and cell.parts:
        parts = tuple(
            Shown(part.value, url=rows_url(part_code, node, period) if part.value else "")
            for part_code, part in zip((figure.numerator, figure.denominator), cell.parts, strict=True)
        )
    return Shown(
        value=cell.value,
        text=as_text(code, cell.value),
        url=rows_url(code, node, period) if cell.value else "",
        change=change_words(code, cell.value, before.value) if before is not None else "",
        parts=parts,
        pending=cell.pending,
    )


@dataclass(frozen=True)
class Headline:
    """One large figure on a home page, with its target of the year."""

    words: asking.Words
    figure: Shown
    url: str
    target: Decimal | None
    reached: int | None


def headline_codes(choices: Iterable[str]) -> list[str]:
    """Return the codes of the indicators that are shown on home pages."""
    return [code for code in choices if indicators()[code].headline]


def headlines(node: Organization, period: Period, choices: Mapping[str, asking.Words]) -> list[Headline]:
    """Return the Headlines of an organisation for the headline indicators among ``choices``."""
    codes = headline_codes(choices)
    now, before = figures.values_in(codes, [node.pk], [period, asking.so_far(period).year_before()])
    targets = targets_selectors.targets_of(node, period.start.year) if period.kind == PeriodKind.YEAR else {}
    found = []
    for code in codes:
        cell = now[code, node.pk]
        target = targets.get(code)
        reached = min(round(100 * cell.value / target), 999) if cell.value is not None and target else None
        figure = shown(code, node, period, cell, before[code, node.pk])
        found.append(Headline(choices[code], figure, explorer_url(code, node, period), target, reached))
    return found
