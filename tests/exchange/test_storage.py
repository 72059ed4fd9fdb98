"""The private storage: random names, closed folders, safe responses."""

import pytest

from portal.core.errors import DomainError
from portal.exchange import storage
from portal.exchange.models import StoredFile


def stored(content=b"x", **fields):
    written = storage.put([content])
    return StoredFile(key=written.key, size=written.size, sha256=written.sha256, **fields)


def test_what_is_put_can_be_read_until_it_is_removed(private_storage):
    written = storage.put([b"ab", b"c"])
    path = storage.path_of(written.key)
    assert (path.read_bytes(), written.size) == (b"abc", 3)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert path.is_relative_to(private_storage)
    storage.remove(written.key)
    storage.remove(written.key)
    assert not path.exists()
    with pytest.raises(DomainError) as refusal:
        storage.file_response(StoredFile(key=written.key, size=3, content_type="image/png"))
    assert refusal.value.code == "file-gone"


def test_a_writing_that_breaks_off_leaves_nothing(private_storage):
    def chunks():
        yield b"a"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        storage.put(chunks())
    assert [path for path in private_storage.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 39, "A" * 40, "a" * 39 + "/", "g" * 40])
def test_only_keys_of_ours_are_paths(key):
    with pytest.raises(ValueError, match="no key"):
        storage.path_of(key)


@pytest.mark.parametrize(
    ("content_type", "name", "sent_type", "disposition"),
    [
        ("image/jpeg", "a.jpg", "image/jpeg", 'inline; filename="a.jpg"'),
        ("text/html", "a.html", "application/octet-stream", 'attachment; filename="a.html"'),
        ("image/svg+xml", "a.svg", "application/octet-stream", 'attachment; filename="a.svg"'),
        ("text/csv", 'a"\r\nX: y.csv', "application/octet-stream", None),
    ],
)
def test_a_file_is_handed_out_with_care(content_type, name, sent_type, disposition):
    response = storage.file_response(stored(b"<script>", content_type=content_type, name=name))
    assert response["Content-Type"] == sent_type
    if disposition:
        assert response["Content-Disposition"] == disposition
    assert "\n" not in response["Content-Disposition"]
    assert "X" not in response.headers
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "no-store, private"
    response.file_to_stream.close()


def test_a_file_that_is_gone_is_a_refusal():
    file = stored(content_type="image/jpeg", name="a.jpg")
    storage.remove(file.key)
    with pytest.raises(DomainError):
        storage.file_response(file)
