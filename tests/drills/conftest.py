"""A fixture that all drills share: printing what was measured."""

import pytest


@pytest.fixture
def measured(request, capfd):
    """Return a function that prints measurements to the terminal: ``measured(p99=3.9)``."""

    def tell(**values):
        with capfd.disabled():
            line = ", ".join(f"{name} {value}" for name, value in values.items())
            request.config.get_terminal_writer().line(f"\n{request.node.name}: {line}")

    return tell
