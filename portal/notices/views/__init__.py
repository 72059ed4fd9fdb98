"""Pages of notices: for those who write and approve them, and for those they address."""

from portal.notices.views import authors, readers, steps

__all__ = ["authors", "readers", "steps"]
