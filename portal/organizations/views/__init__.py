"""Pages of organisations: the register, the tree, moving and merging, dated facts, employers."""

from portal.organizations.views import facts, places, register, tree

__all__ = ["facts", "places", "register", "tree"]
