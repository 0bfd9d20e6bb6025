"""A client of the API that speaks in answers: status, headers, JSON."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession
from multidict import CIMultiDictProxy


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: CIMultiDictProxy[str]
    json: Any

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    @property
    def pointers(self) -> set[str]:
        """Where the problem's bad fields are."""
        return {error["pointer"] for error in self.json.get("errors", ())}


@dataclass(frozen=True, slots=True)
class Client:
    session: ClientSession
    base_url: str
    token: str | None

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Header names are written with underscores: `If_Match="v1"`. A body of bytes is CSV, else JSON."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if isinstance(body, bytes):
            sent.setdefault("Content-Type", "text/csv")
        async with self.session.request(
            method,
            self.base_url + path,
            data=body if isinstance(body, bytes) else None,
            json=None if isinstance(body, bytes) else body,
            headers=sent,
            allow_redirects=False,
        ) as response:
            text = await response.read()
            is_json = response.content_type.endswith("json") and text
            return Answer(response.status, response.headers, await response.json() if is_json else None)

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.call("GET", path, **headers)

    async def post(self, path: str, body: object, **headers: str) -> Answer:
        return await self.call("POST", path, body, **headers)

    async def put(self, path: str, body: object = None, **headers: str) -> Answer:
        return await self.call("PUT", path, body, **headers)

    async def delete(self, path: str, **headers: str) -> Answer:
        return await self.call("DELETE", path, **headers)

    async def is_known(self) -> bool:
        """Whether the API knows this client's token yet; one without the scope is known too."""
        return (await self.get("/v1/statuspages")).status != 401
