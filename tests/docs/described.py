"""docs/asyncapi.yaml as a judge of events."""

from pathlib import Path
from typing import Any

import yaml
from jsonschema_rs import Draft7Validator

DOCS = Path(__file__).parents[2] / "docs"


class Described:
    def __init__(self) -> None:
        self.document: dict[str, Any] = yaml.safe_load((DOCS / "asyncapi.yaml").read_text())
        self.names = set(self.document["components"]["messages"])
        self._validators: dict[str, Draft7Validator] = {}

    def faults(self, envelope: dict[str, Any]) -> list[str]:
        """What is wrong with an event as it was handed out; nothing, if it is as described."""
        name = f"{envelope['type']}.{envelope['schemaversion']}"
        if name not in self.names:
            return [f"{name} is not described"]
        if name not in self._validators:
            message = {"$ref": f"#/components/messages/{name}/payload"}
            schema = {**message, "components": self.document["components"]}
            self._validators[name] = Draft7Validator(schema, validate_formats=True)
        return [str(error) for error in self._validators[name].iter_errors(envelope)]
