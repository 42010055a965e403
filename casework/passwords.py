"""Passwords: what is taken as one, and how it is kept (argon2id)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from states.refusals import Refused

SHORTEST, LONGEST = 10, 128


class Passwords:
    """Hashes and verifies. The default cost is a quarter of a second; ``Passwords.cheap()`` is for tests."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = ""

    @classmethod
    def cheap(cls) -> "Passwords":
        """Next to no cost, next to no protection."""
        return cls(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    def hash(self, password: str, *, login: str) -> str:
        """What to store. Raises Refused, never repeating the password, for one that is too weak."""
        refuse_weak(password, login=login)
        return self._hasher.hash(password)

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; as slow for somebody who has none, so that time tells nothing."""
        if stored is None:
            self._nobody = self._nobody or self._hasher.hash("nobody has this password")
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def rehash(self, password: str) -> str:
        """A password that was taken before, at today's cost."""
        return self._hasher.hash(password)

    def outdated(self, stored: str) -> bool:
        """Whether a password that was just verified should be hashed again at today's cost."""
        return self._hasher.check_needs_rehash(stored)


def refuse_weak(password: str, *, login: str) -> None:
    """Raises Refused, never repeating the password, for one that is too weak."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"密码共{len(password)}个字符，应为{SHORTEST}至{LONGEST}个，请重新设置。")
    if login.lower() in password.lower():
        raise Refused("密码中不能含有登录名，请重新设置。")
    kinds = sum(any(map(test, password)) for test in (str.islower, str.isupper, str.isdigit))
    if kinds + any(not each.isalnum() for each in password) < 2:
        raise Refused("密码应至少含大写字母、小写字母、数字、其他符号中的两种，请重新设置。")
