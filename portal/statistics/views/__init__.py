"""Pages of figures: the explorer, the rows behind a figure, dashboards, targets, what is published."""

from portal.statistics.views import dashboards, explorer, published, rows, targets

__all__ = ["dashboards", "explorer", "published", "rows", "targets"]
