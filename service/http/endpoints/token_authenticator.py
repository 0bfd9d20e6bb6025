"""Bearer tokens looked up in the read model of tokens."""

from service.http.call import Caller
from service.readmodels.tokens import Tokens


class TokenAuthenticator:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def authenticate(self, token: str) -> Caller | None:
        found = await self._tokens.find(token)
        return None if found is None else Caller(found.organisation_id, found.token_id, found.scopes)
