"""Encrypted streams: what was cut, extended, reordered, mixed or changed does not open."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.crypto import TAG_BYTES, WrongKey
from portal.core.streams import CHUNK, MAGIC, PREFIX_BYTES, key_new, stream_open, stream_seal

HEAD, PLACE = len(MAGIC) + PREFIX_BYTES, b"table.1.owner.2"
KEY = key_new()
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 3 * CHUNK + 5]


def content(size):
    return bytes(range(256)) * (size // 256) + bytes(range(size % 256))


def sealed(plain, key=KEY, place=PLACE):
    return b"".join(stream_seal([plain], key=key, associated=place))


def opened(data, key=KEY, place=PLACE):
    return b"".join(stream_open(io.BytesIO(data), key=key, associated=place))


def parts(data):
    """Return the header and the chunks of a stream."""
    size = CHUNK + TAG_BYTES
    return data[:HEAD], [data[at : at + size] for at in range(HEAD, len(data), size)]


def refused(data, **where):
    with pytest.raises(WrongKey):
        opened(data, **where)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens(size):
    plain = content(size)
    data = sealed(plain)
    assert opened(data) == plain
    chunks = max(1, -(-size // CHUNK))
    assert len(data) == HEAD + size + chunks * TAG_BYTES


@given(st.lists(st.binary(max_size=3000), max_size=50))
def test_the_pieces_in_which_it_arrives_do_not_matter(pieces):
    data = b"".join(stream_seal([piece * 40 for piece in pieces], key=KEY, associated=PLACE))
    assert opened(data) == b"".join(piece * 40 for piece in pieces)


def test_two_streams_of_one_content_differ():
    assert sealed(b"x" * 100) != sealed(b"x" * 100)


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_another_key_or_place_does_not_open_it(size):
    data = sealed(content(size))
    refused(data, key=key_new())
    refused(data, place=PLACE + b"1")
    refused(data, place=b"")


@given(st.data(), st.sampled_from([0, 1, 100, CHUNK, CHUNK + 1]))
def test_any_changed_byte_is_found(data, size):
    whole = bytearray(sealed(content(size)))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    refused(bytes(whole))


@given(st.data(), st.sampled_from([0, 1, 100, CHUNK, 2 * CHUNK]))
def test_any_cut_is_found(data, size):
    whole = sealed(content(size))
    refused(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_cut_at_the_border_of_a_chunk_is_found(size):
    head, chunks = parts(sealed(content(size)))
    for kept in range(len(chunks)):
        refused(head + b"".join(chunks[:kept]))


def test_exchanged_repeated_and_missing_chunks_are_found():
    head, (one, two, three) = parts(sealed(content(3 * CHUNK)))
    for order in ([two, one, three], [one, three, two], [one, one, two, three], [one, two, two, three], [two, three]):
        refused(head + b"".join(order))
    refused(head + one + two + three + three)
    refused(head + one + two + three + b"x")


def test_chunks_of_another_stream_are_found():
    head, mine = parts(sealed(content(3 * CHUNK)))
    other_head, theirs = parts(sealed(content(3 * CHUNK)[::-1]))
    refused(head + theirs[0] + mine[1] + mine[2])
    refused(head + mine[0] + mine[1] + theirs[2])
    refused(other_head + b"".join(mine))


def test_what_comes_before_a_changed_chunk_is_genuine():
    plain = content(3 * CHUNK)
    head, (one, two, three) = parts(sealed(plain))
    found = stream_open(io.BytesIO(head + one + bytes(len(two)) + three), key=KEY, associated=PLACE)
    assert next(found) == plain[:CHUNK]
    with pytest.raises(WrongKey):
        next(found)


@pytest.mark.parametrize("data", [b"", b"x", MAGIC, b"%PDF-1.7 and so on"])
def test_anything_else_is_no_stream(data):
    refused(data)
