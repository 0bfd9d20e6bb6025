"""Bodies of the call that changes a webhook's secret."""

from service.http.schemas.base import Answer
from service.http.schemas.components import Shown


class SecretAnswer(Answer):
    """`secret`: as libraries of Standard Webhooks take it; shown this once. Until `old_valid_until` messages
    are signed with the one before as well."""

    secret: str
    old_valid_until: Shown
