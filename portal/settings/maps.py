"""Maps: which tiles they are drawn on, and in which province positions are accepted."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.settings.reading import environment


def tile_hosts(address, servers, *, datum, source, approval):
    """Return the hosts of tiles, as the Content-Security-Policy names them.

    Raises ImproperlyConfigured for tiles that are not sent by https, whose pins would be shifted, or whose source or
    approval is not known.
    """
    if not address:
        return []
    split = urlsplit(address)
    if split.scheme != "https" or not split.netloc or not all(part in address for part in ("{z}", "{x}", "{y}")):
        raise ImproperlyConfigured("PORTAL_MAP_TILES_URL must be an https address with {z}, {x} and {y}.")
    if ("{s}" in address) != bool(servers) or "{s}" in split.path:
        raise ImproperlyConfigured("PORTAL_MAP_TILES_SERVERS holds what stands for {s} in the host of the tiles.")
    if datum not in ("wgs84", "gcj02"):
        raise ImproperlyConfigured("PORTAL_MAP_TILES_DATUM must be wgs84 or gcj02.")
    if not source or not approval:
        raise ImproperlyConfigured("A map needs PORTAL_MAP_TILES_SOURCE and PORTAL_MAP_TILES_APPROVAL.")
    return [f"https://{split.netloc.replace('{s}', server)}" for server in servers or " "]


env = environment()

# The address of the tiles with {z}, {x}, {y} and perhaps {s}; empty: maps show pins on a plain grid.
MAP_TILES_URL = env.str("PORTAL_MAP_TILES_URL", default="")
# The characters that stand for {s}, one host each: 1234.
MAP_TILES_SERVERS = env.str("PORTAL_MAP_TILES_SERVERS", default="")
# The datum of the tiles, to which pins are converted: wgs84 or gcj02.
MAP_TILES_DATUM = env.str("PORTAL_MAP_TILES_DATUM", default="gcj02")
MAP_TILES_MOST_ZOOM = env.int("PORTAL_MAP_TILES_MOST_ZOOM", default=18)
# The source of the tiles and the number under which the map was approved (审图号), shown on every map.
MAP_TILES_SOURCE = env.str("PORTAL_MAP_TILES_SOURCE", default="")
MAP_TILES_APPROVAL = env.str("PORTAL_MAP_TILES_APPROVAL", default="")
MAP_TILES_HOSTS = tile_hosts(
    MAP_TILES_URL,
    MAP_TILES_SERVERS,
    datum=MAP_TILES_DATUM,
    source=MAP_TILES_SOURCE,
    approval=MAP_TILES_APPROVAL,
)
# A file with the outline of the province (portal/locations/outlines.py); empty: Heilongjiang.
MAP_PROVINCE_OUTLINE = env.str("PORTAL_MAP_PROVINCE_OUTLINE", default="")
