"""Page passwords are hashed with argon2id, a few at a time: each takes tens of milliseconds and megabytes."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2


class Hasher:
    """Works in threads, so that requests that hash nothing do not wait."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, digest: str, password: str) -> bool:
        async with self._turns:
            return await asyncio.to_thread(self._verify, digest, password)

    def _verify(self, digest: str, password: str) -> bool:
        try:
            return self._hasher.verify(digest, password)
        except (VerificationError, InvalidHashError):
            return False
