"""Personal data at rest: SM4-GCM under a data key of each matter, data keys wrapped by master keys of the environment.

FOI_DATA_KEYS is `id:base64`, several joined by commas; the first seals, all open. Each key is at least 32 random
bytes. Because every row is sealed under its own small data key, a change of master keys rewrites the wrapped data keys
alone, and erasing a person's data is destroying one data key: rows that may never change stay as they are, unreadable.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SM4_BYTES = 16
MASTER_BYTES = 32
_NONCE = 12
_TAG = 16
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 letters, none that reads like another
CODE_LETTERS = 20  # 5 bits each: 100 bits


class Unsealable(Exception):
    """A sealed text that does not open: wrong key, moved to another place, changed, or its key was destroyed."""


@dataclass(frozen=True, slots=True)
class Master:
    """One master key and what is derived from it; `key_id` is stored beside everything made with it."""

    key_id: str
    secret: bytes

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose; purposes do not reveal each other."""
        return hmac.new(self.secret, f"gongkai.foi/{purpose}".encode(), hashlib.sha256).digest()

    def keyed(self, purpose: str, value: str) -> str:
        """`id:hex`, equal for equal values under this key; without the key nothing can be compared or guessed."""
        made = hmac.new(self.derived(purpose), value.encode(), hashlib.sha256).hexdigest()
        return f"{self.key_id}:{made}"


def masters() -> tuple[Master, ...]:
    """The master keys, the sealing one first. Raises ImproperlyConfigured when there is none or one is too short."""
    return _read(settings.FOI_DATA_KEYS)


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[Master, ...]:
    keys = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except ValueError:
            secret = b""
        if not key_id.isalnum() or len(key_id) > 12 or len(secret) < MASTER_BYTES:
            raise ImproperlyConfigured(
                "FOI_DATA_KEYS 写得不对：应为“编号:密钥”，编号用字母数字，密钥是至少32字节随机数的 base64，多个用逗号分开。"
            )
        keys.append(Master(key_id, secret))
    if not keys:
        raise ImproperlyConfigured("缺少 FOI_DATA_KEYS：没有密钥就不能登记申请，请在环境变量里给出。")
    if len({key.key_id for key in keys}) != len(keys):
        raise ImproperlyConfigured("FOI_DATA_KEYS 里有重复的编号，请改成不同的编号。")
    return tuple(keys)


def master(key_id: str) -> Master:
    """The master key with this id; `Unsealable` when the environment no longer has it."""
    for key in masters():
        if key.key_id == key_id:
            return key
    raise Unsealable(f"master key {key_id} is not in FOI_DATA_KEYS")


def current() -> Master:
    return masters()[0]


def keyed(purpose: str, value: str) -> str:
    """The keyed digest under the current key, for storing."""
    return current().keyed(purpose, value)


def keyed_any(purpose: str, value: str) -> list[str]:
    """The keyed digests under every key, for finding rows while keys are being changed."""
    return [key.keyed(purpose, value) for key in masters()]


def _encrypt(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    sealing = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(place.encode())
    return nonce + sealing.update(plain) + sealing.finalize() + sealing.tag


def _decrypt(key: bytes, sealed: bytes, place: str) -> bytes:
    if len(sealed) < _NONCE + _TAG:
        raise Unsealable("too short")
    nonce, body, tag = sealed[:_NONCE], sealed[_NONCE:-_TAG], sealed[-_TAG:]
    opening = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    opening.authenticate_additional_data(place.encode())
    try:
        return opening.update(body) + opening.finalize()
    except InvalidTag:
        raise Unsealable(place) from None


def new_wrapped() -> tuple[str, str]:
    """A fresh data key, wrapped: (key id, wrapped)."""
    return wrap(secrets.token_bytes(SM4_BYTES))


def wrap(data_key: bytes) -> tuple[str, str]:
    """A data key under the current master key: (key id, wrapped)."""
    key = current()
    return key.key_id, base64.b64encode(_encrypt(key.derived("wrap")[:SM4_BYTES], data_key, "data-key")).decode()


def unwrap(key_id: str, wrapped: str) -> bytes:
    """The data key itself; `Unsealable` when it was destroyed."""
    if not wrapped:
        raise Unsealable("the data key was destroyed")
    return _decrypt(master(key_id).derived("wrap")[:SM4_BYTES], base64.b64decode(wrapped), "data-key")


def seal(data_key: bytes, plain: bytes, place: str) -> bytes:
    """Sealed bytes bound to `place` (table, column): moved elsewhere they do not open."""
    return _encrypt(data_key, plain, place)


def unseal(data_key: bytes, sealed: bytes, place: str) -> bytes:
    return _decrypt(data_key, sealed, place)


# Query codes --------------------------------------------------------------------------------------------------------


def code_hash(code: str) -> str:
    """SHA-256 of a code as typed: case, spaces and hyphens do not matter.

    A fast hash is enough: the code has 100 random bits, so there is nothing for a slow hash (argon2) to slow down, and
    a lookup by code needs a value that is the same each time. What is stored is `keyed("code", code_hash(code))`:
    whoever has the database alone cannot even check a guess.
    """
    plain = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()


def code_for(submission_key: str, number: int, key: Master) -> str:
    """The query code of item `number` of one submission, in groups of five letters.

    Derived from the random submission key and the master key, so that the same post sent twice gets the same receipt,
    while neither the code nor the submission key is stored anywhere.
    """
    made = hmac.new(key.derived("code"), f"{submission_key}/{number}".encode(), hashlib.sha256).digest()
    bits = int.from_bytes(made, "big")
    letters = "".join(_ALPHABET[(bits >> (5 * i)) & 31] for i in range(CODE_LETTERS))
    return "-".join(letters[i : i + 5] for i in range(0, CODE_LETTERS, 5))
