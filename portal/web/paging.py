"""Pagination of long lists: they count to 10,000 and then say "10,000+"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from typing import Any


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # it takes none at run time
    """A paginator that never counts past ``cap``; ``counted`` is the number of rows, if it is known."""

    cap = 10_000
    sizes = (25, 50, 100)

    def __init__(self, object_list: Any, per_page: int, *args: Any, counted: int | None = None, **kwargs: Any) -> None:
        super().__init__(object_list, per_page if per_page in self.sizes else self.sizes[0], *args, **kwargs)
        if counted is not None:
            self._counted = counted

    @cached_property
    def capped(self) -> bool:
        """Whether there are more rows than ``cap``."""
        return self._counted > self.cap

    @cached_property
    def _counted(self) -> int:
        rows = getattr(self.object_list, "data", self.object_list)
        rows = getattr(rows, "data", rows)
        if hasattr(rows, "order_by"):
            number: int = rows.order_by()[: self.cap + 1].count()
            return number
        return len(self.object_list)

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.cap)
