"""Text that the site has to read again but a copy of the database should not tell: encrypted at rest.

The keys are derived from SECRET_KEY, one for each purpose, so a dump alone is of no use. Whoever has the machine has
both; and with another SECRET_KEY nothing that was sealed can be read any more (`unseal` returns None).
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def seal(text: str, purpose: str) -> str:
    """`text`, encrypted and signed for one purpose."""
    return _cipher(purpose).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, purpose: str) -> str | None:
    """What was sealed for that purpose; None if it was altered, moved, or sealed with another key."""
    try:
        return _cipher(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _cipher(purpose: str) -> Fernet:
    secret: str = current_app.extensions["settings"].secret_key
    derived = HKDF(SHA256(), length=32, salt=None, info=f"spcncl:{purpose}".encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
