"""Pages of the exchange: lists that come in, lists that go out."""

from portal.exchange.views import exports, imports

__all__ = ["exports", "imports"]
