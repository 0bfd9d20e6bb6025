"""Settings: from the environment or `.env`. The table in README.md explains each."""

import secrets
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.domain.uptime import Weights

Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode]
Weight = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)]
Names = Annotated[tuple[str, ...], NoDecode]

SHORTEST_SECRET = 32
LONGEST_URL = 900
"""So that a link of ours fits into the 998 characters of a mail's header line."""
EXAMPLE_SECRETS = frozenset({"changeme", "secret", "change-me-to-32-random-characters"})


class Settings(BaseSettings):
    """One process's configuration. Raises pydantic.ValidationError naming every bad setting."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_read_url: str | None = Field(default=None, validation_alias="DATABASE_READ_URL")
    amqp_url: str | None = Field(default=None, validation_alias="AMQP_URL")
    smtp_url: str | None = Field(default=None, validation_alias="SMTP_URL")
    mail_from: str = Field(default="status@localhost", validation_alias="STATUSPAGES_MAIL_FROM")
    base_url: str = Field(
        default="http://127.0.0.1:8080", max_length=LONGEST_URL, validation_alias="STATUSPAGES_BASE_URL"
    )
    base_domain: str = Field(default="localhost", validation_alias="STATUSPAGES_BASE_DOMAIN")
    cname_base: str = Field(default="cname.localhost", validation_alias="STATUSPAGES_CNAME_BASE")
    media_base_url: str | None = Field(default=None, validation_alias="STATUSPAGES_MEDIA_BASE_URL")
    secret_key: SecretStr | None = Field(default=None, validation_alias="STATUSPAGES_SECRET_KEY")
    trusted_proxies: Networks = Field(default=(), validation_alias="STATUSPAGES_TRUSTED_PROXIES")
    outgoing_allowed: Networks = Field(default=(), validation_alias="STATUSPAGES_OUTGOING_ALLOWED")
    dns_servers: Names = Field(default=(), validation_alias="STATUSPAGES_DNS_SERVERS")
    weight_major_outage: Weight = Field(
        default=Decimal("1"), validation_alias="STATUSPAGES_WEIGHT_MAJOR_OUTAGE"
    )
    weight_partial_outage: Weight = Field(
        default=Decimal("0.3"), validation_alias="STATUSPAGES_WEIGHT_PARTIAL_OUTAGE"
    )
    weight_degraded_performance: Weight = Field(
        default=Decimal("0"), validation_alias="STATUSPAGES_WEIGHT_DEGRADED_PERFORMANCE"
    )
    data_dir: Path = Field(default=Path(".statuspages"), validation_alias="STATUSPAGES_DATA_DIR")
    log_level: str = Field(default="info", validation_alias="STATUSPAGES_LOG_LEVEL")

    @property
    def uptime_weights(self) -> Weights:
        return Weights(self.weight_major_outage, self.weight_partial_outage, self.weight_degraded_performance)

    @field_validator("trusted_proxies", "outgoing_allowed", "dns_servers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("base_url", "media_base_url")
    @classmethod
    def _without_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        if len(value.get_secret_value()) < SHORTEST_SECRET or value.get_secret_value() in EXAMPLE_SECRETS:
            raise ValueError(f"needs at least {SHORTEST_SECRET} random characters")
        return value


class SecretKeyMissing(Exception):
    """STATUSPAGES_SECRET_KEY is not set; links in mails cannot be made without it."""


def require_secret_key(settings: Settings) -> bytes:
    """Raises SecretKeyMissing."""
    if settings.secret_key is None:
        raise SecretKeyMissing("Set STATUSPAGES_SECRET_KEY to at least 32 random characters.")
    return settings.secret_key.get_secret_value().encode()


def generated_secret_key(data_dir: Path) -> SecretStr:
    """The data directory's own key, made at the first start and readable by its owner alone."""
    path = _secret_key_path(data_dir)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return SecretStr(path.read_text().strip())


def present_secret_key(settings: Settings) -> bytes | None:
    """The one that is set, else the data directory's own if it has one already."""
    if settings.secret_key is not None:
        return require_secret_key(settings)
    path = _secret_key_path(settings.data_dir)
    return path.read_bytes().strip() if path.exists() else None


def _secret_key_path(data_dir: Path) -> Path:
    return data_dir / "secret_key"
