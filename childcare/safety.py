"""The safety gate (谁主办谁负责): what a site lacks on given days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from childcare.choices.sites import PaperKind, StaffRole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from childcare.models import CareSite

Days = tuple["date", "date"]


def covered(spans: Iterable[Days], first: date, last: date) -> bool:
    """Return whether ``spans`` (first and last day of each) together cover each day from ``first`` to ``last``.

    A paper may be renewed in the middle of a term, with no day between.
    """
    missing = first.toordinal()
    for begins, ends in sorted(spans):
        if begins.toordinal() > missing:
            break
        missing = max(missing, ends.toordinal() + 1)
    return missing > last.toordinal()


def gaps_of(site: CareSite, first: date, last: date) -> list[StrOrPromise]:
    """Return the names of what ``site`` lacks on some day from ``first`` to ``last``; empty if the gate is open.

    Required are all kinds of papers, and on each day a confirmed class teacher whose background check is valid.
    """
    papers: dict[str, list[Days]] = {}
    for kind, begins, ends in site.papers.values_list("kind", "valid_from", "valid_until"):
        papers.setdefault(kind, []).append((begins, ends))
    lacking: list[StrOrPromise] = [kind.label for kind in PaperKind if not covered(papers.get(kind, []), first, last)]
    teachers = site.staff.filter(role=StaffRole.CLASS_TEACHER, valid_until=None, confirmed_by__isnull=False)
    checks = teachers.values_list("valid_from", "checked_on", "check_until")
    if not covered([(max(since, checked), until) for since, checked, until in checks], first, last):
        lacking.append(_("A class teacher with a valid background check"))
    return lacking
