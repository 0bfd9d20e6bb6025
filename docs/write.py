"""Writes what is made from the code: docs/schemas/events and docs/asyncapi.yaml (`make docs`).

A schema of an older version than the code's stays as it was written: old events do too.
"""

import json
from importlib.metadata import version
from pathlib import Path

import yaml

from service.asyncapi.document import asyncapi
from service.asyncapi.payloads import Schema, payload_schemas
from service.codec import build_codec

DOCS = Path(__file__).parent
HEAD = "# Made by `make docs` from the classes of the events; a test compares.\n"


class _Plain(yaml.SafeDumper):
    """Writes out what occurs twice: anchors are hard on readers."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def written(kept: dict[str, Schema]) -> dict[str, str]:
    """What belongs into the folder, by path; `kept` are the schemas that are there."""
    schemas = kept | payload_schemas(build_codec())
    files = {f"schemas/events/{name}.json": _json(each) for name, each in schemas.items()}
    document = asyncapi(schemas, version("statuspages"))
    files["asyncapi.yaml"] = HEAD + yaml.dump(
        document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110
    )
    return files


def _json(schema: Schema) -> str:
    return json.dumps(schema, indent=2) + "\n"


def kept() -> dict[str, Schema]:
    folder = DOCS / "schemas" / "events"
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


def main() -> None:
    for name, text in written(kept()).items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
