"""Seals what a store is to keep and not to know: by a password, and for one place."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_COST = 2**15  # with blocks of 8: 32 MiB and about a tenth of a second, at every guess


class Seal:
    """Closes and opens texts. Making one takes long and much memory, on purpose."""

    def __init__(self, password: str, *place: str) -> None:
        """`place`: what it is for. Another one, or another password, opens nothing of it."""
        salt = sha256("\0".join(place).encode()).digest()
        key = Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(password.encode())
        self._fernet = Fernet(urlsafe_b64encode(key))

    def closed(self, text: str) -> str:
        """The text as nobody can read it, nor change it unseen."""
        return self._fernet.encrypt(text.encode()).decode()

    def opened(self, sealed: str) -> str | None:
        """The text; None where it was not closed by this seal, or was damaged since."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
