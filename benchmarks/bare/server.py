"""`python -m benchmarks.bare.server PORT DSN FILE`: an aiohttp application with two handlers, on uvloop.

GET answers with the file's bytes. PUT records the body with one INSERT and answers.
"""

import sys
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import uvloop
from aiohttp import web

from benchmarks.bare.insert import INSERT, values
from benchmarks.product.parent import stop_with_parent
from eventstore.pool import Pool, connect_pool

TENANT = uuid4()
POOL = web.AppKey("pool", Pool)
CONTENT = web.AppKey("content", bytes)


async def put(request: web.Request) -> web.Response:
    body = orjson.loads(await request.read())
    component_id = UUID(request.match_info["id"])
    row = values(f"component-{component_id}", "ComponentStatusChanged", body, TENANT, component_id)
    async with request.app[POOL].acquire() as connection:
        await connection.execute(INSERT, *row)
    answer = {"message": "done", "component": {"id": str(component_id), "status": body["status"]}}
    return web.Response(body=orjson.dumps(answer), content_type="application/json")


async def get(request: web.Request) -> web.Response:
    return web.Response(body=request.app[CONTENT], content_type="application/json")


async def serve(port: int, dsn: str, content: bytes) -> None:
    stop = stop_with_parent()
    app = web.Application()
    app[POOL], app[CONTENT] = await connect_pool(dsn), content
    app.router.add_put("/v1/component/{id}/status", put)
    app.router.add_get("/v1/statuspage/{id}/unified", get)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]).read_bytes()))
