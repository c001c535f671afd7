"""Configuration, read once from the environment and checked before anything starts.

A missing or bad value stops the start with one sentence that names the variable. There is no default
secret outside the demo and the tests; the demo makes its own and keeps it in the data folder.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

MODES = ("demo", "production", "test")
SAMPLE_SECRETS = frozenset({"changeme", "secret", "dev", "development", "please-change-me"})


class ConfigurationError(SystemExit):
    """The configuration is unusable; the message says which variable and why."""


@dataclass(frozen=True)
class Settings:
    """Everything the site needs to be told. `data_dir` holds the embedded database, uploads and demo mail."""

    mode: str
    data_dir: Path
    database_url: str
    secret_key: str
    public_base_url: str
    trusted_hosts: tuple[str, ...]
    proxy_hops: int
    smtp_url: str | None
    mail_dir: Path
    mail_from: str
    log_level: str
    session_idle: timedelta
    session_absolute: timedelta
    second_factor: bool
    matching_backend: str
    skip_locking: bool

    @property
    def https(self) -> bool:
        """Whether people reach the site over https (cookies are then Secure and carry the __Host- prefix)."""
        return self.public_base_url.startswith("https://")

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raise ConfigurationError with a sentence for people."""
    env = os.environ if environment is None else environment
    mode = env.get("MODE", "production")
    if mode not in MODES:
        raise ConfigurationError(f"MODE is {mode!r}; it has to be one of {', '.join(MODES)}.")
    data_dir = Path(env.get("DATA_DIR") or "var").resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise ConfigurationError(f"DATA_DIR {data_dir} cannot be used: {err.strerror}.") from err
    port = _integer(env, "PORT", 8000, 0, 65535)
    base = env.get("PUBLIC_BASE_URL") or (f"http://127.0.0.1:{port}" if mode != "production" else "")
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(
            "PUBLIC_BASE_URL is missing or no http(s) address; mail links are built from it, "
            "for example https://spcncl.hanoi.gov.vn."
        )
    if mode == "production" and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise ConfigurationError("PUBLIC_BASE_URL has to begin with https:// in production.")
    hosts = tuple(h.strip() for h in env.get("TRUSTED_HOSTS", "").split(",") if h.strip())
    local = ("127.0.0.1", "localhost") if mode != "production" else ()
    return Settings(
        mode=mode,
        data_dir=data_dir,
        database_url=_database(env, data_dir),
        secret_key=_secret(env, mode, data_dir),
        public_base_url=base.rstrip("/"),
        trusted_hosts=tuple(dict.fromkeys((parts.hostname, *hosts, *local))),
        proxy_hops=_integer(env, "PROXY_HOPS", 0, 0, 5),
        smtp_url=_smtp(env, mode),
        mail_dir=data_dir / "mail",
        mail_from=env.get("MAIL_FROM") or f"SPCNCL <no-reply@{parts.hostname}>",
        log_level=env.get("LOG_LEVEL", "INFO").upper(),
        session_idle=timedelta(hours=_integer(env, "SESSION_IDLE_HOURS", 12, 1, 24 * 30)),
        session_absolute=timedelta(days=_integer(env, "SESSION_DAYS", 7, 1, 90)),
        second_factor=mode == "production",  # of staff: in the demo everybody knows the password anyway
        matching_backend=_choice(env, "MATCHING_BACKEND", ("threading", "loky", "dask")),
        skip_locking=mode == "test" and env.get("TEST_SKIP_LOCKING") == "1",
    )


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ConfigurationError(f"{name} is {text!r}; it has to be a whole number from {low} to {high}.")
    return int(text)


def _choice(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or choices[0]
    if value not in choices:
        raise ConfigurationError(f"{name} is {value!r}; it has to be one of {', '.join(choices)}.")
    return value


def _database(env: Mapping[str, str], data_dir: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'site.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("DATABASE_URL has to begin with sqlite:/// or postgresql://.")
    return url


def _secret(env: Mapping[str, str], mode: str, data_dir: Path) -> str:
    secret = env.get("SECRET_KEY", "")
    if not secret and mode != "production":
        path = data_dir / "secret_key"
        if not path.exists():
            path.write_text(secrets.token_urlsafe(48))
            path.chmod(0o600)
        secret = path.read_text().strip()
    if len(secret.encode()) < 32 or secret.lower() in SAMPLE_SECRETS or len(set(secret)) < 8:
        raise ConfigurationError(
            "SECRET_KEY is missing, shorter than 32 bytes or a known sample. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return secret


def _smtp(env: Mapping[str, str], mode: str) -> str | None:
    url = env.get("SMTP_URL") or None
    if url is None:
        if mode == "production" and env.get("MAIL_TO_FOLDER") != "1":
            raise ConfigurationError(
                "SMTP_URL is missing, for example smtp+starttls://user:password@mail.example.vn:587; "
                "MAIL_TO_FOLDER=1 writes mail into DATA_DIR/mail instead."
            )
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise ConfigurationError("SMTP_URL has to begin with smtp://, smtp+starttls:// or smtps://.")
    return url
