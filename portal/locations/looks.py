STATE_LOOKS: dict[str, str] = {}
STYLESHEETS = ("locations/locations.css",)
