"""Ciphers: the published vectors, and values that must not be decrypted."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.exceptions import ImproperlyConfigured

from portal.core import crypto

PLACE = b"members_member.phone.7"


def test_sm3_published_vector():
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm4_published_vector():
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    assert (encryptor.update(block) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


@pytest.mark.parametrize("text", ["", "x", "黑龙江省哈尔滨市道里区", "a" * 5000, "\N{GRINNING FACE}"])
def test_encrypt_gives_back_the_text(text):
    assert crypto.decrypt(crypto.encrypt(text, PLACE), PLACE) == text


def test_encrypt_gives_another_ciphertext_each_time():
    assert crypto.encrypt("12000000001", PLACE) != crypto.encrypt("12000000001", PLACE)


def test_decrypt_refuses_a_value_of_another_row():
    sealed = crypto.encrypt("12000000001", PLACE)
    with pytest.raises(crypto.WrongKey):
        crypto.decrypt(sealed, b"members_member.phone.8")


def test_decrypt_refuses_a_value_of_another_column():
    sealed = crypto.encrypt("12000000001", PLACE)
    with pytest.raises(crypto.WrongKey):
        crypto.decrypt(sealed, b"members_member.address.7")


@pytest.mark.parametrize("place", [3, 10, 20, -1])
def test_decrypt_refuses_a_changed_byte(place):
    sealed = bytearray(crypto.encrypt("12000000001", PLACE))
    sealed[place] ^= 1
    with pytest.raises(crypto.WrongKey):
        crypto.decrypt(sealed, PLACE)


def test_decrypt_reads_values_of_an_older_key(settings):
    settings.FIELD_KEYS = "k1:" + "11" * 16
    old = crypto.encrypt("道里区", PLACE)
    settings.FIELD_KEYS = "k1:" + "11" * 16 + ",k2:" + "22" * 16
    new = crypto.encrypt("道里区", PLACE)
    assert (old[1:3], new[1:3]) == (b"k1", b"k2")
    assert [crypto.decrypt(old, PLACE), crypto.decrypt(new, PLACE)] == ["道里区", "道里区"]
    settings.FIELD_KEYS = "k2:" + "22" * 16
    assert crypto.decrypt(new, PLACE) == "道里区"
    with pytest.raises(crypto.WrongKey):
        crypto.decrypt(old, PLACE)


def test_decrypt_refuses_a_relabelled_key(settings):
    settings.FIELD_KEYS = "k1:" + "11" * 16 + ",k2:" + "11" * 16
    sealed = bytearray(crypto.encrypt("道里区", PLACE))
    sealed[2] = ord("1")
    with pytest.raises(crypto.WrongKey):
        crypto.decrypt(sealed, PLACE)


@pytest.mark.parametrize("keys", ["", "k1", "k1:12", "k1:" + "zz" * 16, ":" + "11" * 16, "k" * 21 + ":" + "11" * 16])
def test_keys_of_a_wrong_shape_are_refused(settings, keys):
    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        crypto.encrypt("x", PLACE)


def test_blind_index_is_stable_and_keyed(settings):
    settings.INDEX_KEY = "01" * 32
    first = crypto.blind_index("phone", "12000000001")
    assert first == crypto.blind_index("phone", "12000000001")
    assert len(first) == 64
    settings.INDEX_KEY = "02" * 32
    assert crypto.blind_index("phone", "12000000001") != first


def test_blind_index_keeps_purposes_apart():
    assert crypto.blind_index("phone", "12000000001") != crypto.blind_index("login", "12000000001")
    assert crypto.blind_index("a", "bc") != crypto.blind_index("ab", "c")


def test_wrap_is_bound_to_its_label(settings):
    key = bytes(range(32))
    sealed = crypto.wrap(key, "round.1")
    assert crypto.unwrap(sealed, "round.1") == key
    with pytest.raises(crypto.WrongKey):
        crypto.unwrap(sealed, "round.2")
    settings.MASTER_KEY = "ab" * 32
    with pytest.raises(crypto.WrongKey):
        crypto.unwrap(sealed, "round.1")


def test_token_depends_on_key_and_text():
    assert len(crypto.token(b"k" * 32, "1:2")) == 32
    assert crypto.token(b"k" * 32, "1:2") == crypto.token(b"k" * 32, "1:2")
    assert crypto.token(b"k" * 32, "1:2") != crypto.token(b"j" * 32, "1:2")
    assert crypto.token(b"k" * 32, "1:2") != crypto.token(b"k" * 32, "1:3")
