"""Pages of long lists: they count to 10,000 and then say "10,000+"."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class CappedPaginator(Paginator):
    """A paginator that never counts past ``cap``; ``counted`` is how many rows there are, where that is known."""

    cap = 10_000
    sizes = (25, 50, 100)

    def __init__(self, object_list, per_page, *args, counted=None, **kwargs):
        super().__init__(object_list, per_page if per_page in self.sizes else self.sizes[0], *args, **kwargs)
        if counted is not None:
            self._counted = counted

    @cached_property
    def capped(self):
        """Whether there are more rows than were counted."""
        return self._counted > self.cap

    @cached_property
    def _counted(self):
        rows = getattr(self.object_list, "data", self.object_list)
        rows = getattr(rows, "data", rows)
        if hasattr(rows, "order_by"):
            return rows.order_by()[: self.cap + 1].count()
        return len(self.object_list)

    @cached_property
    def count(self):
        return min(self._counted, self.cap)
