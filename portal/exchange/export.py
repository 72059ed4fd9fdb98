"""Values as they may stand in a file that opens in Excel."""

# A cell that begins with one of these is a formula to Excel, WPS or LibreOffice, full-width forms included.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
_FORBIDDEN = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])
CELL_LIMIT = 32_767


def safe_cell(value):
    """Return ``value`` for a cell: text that Excel would run as a formula gets an apostrophe in front.

    Numbers, dates and None stay as they are. Characters that XML forbids are left out.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if hasattr(value, "isoformat"):
        return value
    text = str(value)
    dangerous = text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)
    text = text.translate(_FORBIDDEN).encode("utf-8", "replace").decode()[: CELL_LIMIT - 1]
    return f"'{text}" if dangerous else text
