"""Every write of the exchange: files, lists that come in, lists that go out."""

from portal.exchange.services.exports import (
    export_decline,
    export_download,
    export_is_long,
    export_release,
    export_request,
    export_write,
    exports_expire,
)
from portal.exchange.services.files import file_empty, file_store
from portal.exchange.services.imports import (
    MAX_UPLOAD_BYTES,
    UNCONFIRMED_DAYS,
    import_check,
    import_confirm,
    import_discard,
    import_start,
    import_take_back,
    import_write,
)
from portal.exchange.services.looking_through import files_look_through
from portal.exchange.services.sweeping import files_sweep

__all__ = [
    "MAX_UPLOAD_BYTES",
    "UNCONFIRMED_DAYS",
    "export_decline",
    "export_download",
    "export_is_long",
    "export_release",
    "export_request",
    "export_write",
    "exports_expire",
    "file_empty",
    "file_store",
    "files_look_through",
    "files_sweep",
    "import_check",
    "import_confirm",
    "import_discard",
    "import_start",
    "import_take_back",
    "import_write",
]
