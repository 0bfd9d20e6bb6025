"""GET /docs: the API's description for people, with everything it needs on board."""

from pathlib import Path

from aiohttp import web

from service.http.call import Reply
from service.http.replies import read_response

VENDOR = Path(__file__).parent / "vendor"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Statuspages API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<noscript>The API is described at <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = b"""SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  defaultModelsExpandDepth: 0,
});
"""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Inline styles, because Swagger UI sets some; scripts from here alone."""


def mount_docs(app: web.Application, description: bytes) -> None:
    """Serve `description`, the OpenAPI document, as /openapi.json, and a reader for it as /docs."""
    page_headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer",
    }
    _serve(app, "/openapi.json", Reply(body=description, headers={"Cache-Control": "no-cache"}))
    _serve(app, "/docs", Reply(body=PAGE, headers=page_headers))
    _serve(app, "/docs/start.js", _asset(START, ".js"))
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        path = VENDOR / name
        _serve(app, f"/docs/{name}", _asset(path.read_bytes(), path.suffix))


def _asset(body: bytes, suffix: str) -> Reply:
    return Reply(body=body, headers={"Content-Type": TYPES[suffix], "Cache-Control": "public, max-age=3600"})


def _serve(app: web.Application, path: str, reply: Reply) -> None:
    async def static(request: web.Request) -> web.StreamResponse:
        return read_response(request, reply)

    app.router.add_get(path, static)
