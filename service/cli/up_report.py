"""What `up` says about itself: to people on the terminal, to scripts in DATA_DIR/up.json."""

import os
import sys
from pathlib import Path
from typing import Any

import orjson

from service.demo import SUBDOMAIN_NAME
from service.wiring.single import Running

NAME = "up.json"


def report(running: Running) -> dict[str, Any]:
    """Without a demo: no token and no page."""
    found: dict[str, Any] = {"base_url": running.base_url, "mail_url": running.mail_url, "pid": os.getpid()}
    if running.demo is not None:
        found |= {
            "token": running.demo.token,
            "organisation_id": running.demo.organisation_id,
            "statuspage_id": running.demo.statuspage_id,
            "public_url": f"{running.base_url}/p/{SUBDOMAIN_NAME}",
        }
    return found


def write_report(data_dir: Path, running: Running) -> None:
    """Whole or not at all, readable by its owner alone: it holds a token."""
    half = data_dir / f"{NAME}.new"
    half.touch(mode=0o600)
    half.write_bytes(orjson.dumps(report(running), option=orjson.OPT_INDENT_2))
    half.replace(data_dir / NAME)


def remove_report(data_dir: Path) -> None:
    (data_dir / NAME).unlink(missing_ok=True)


def announce(running: Running) -> None:
    sys.stdout.write("\n".join(_lines(running)) + "\n")
    sys.stdout.flush()


def _lines(running: Running) -> list[str]:
    lines = [f"Statuspages is up at {running.base_url} (API reference: {running.base_url}/docs)"]
    if running.mail_url is not None:
        lines.append(f"Mails are caught here: {running.mail_url}")
    if running.demo is not None:
        lines += [
            f"Demo page:  {running.base_url}/p/{SUBDOMAIN_NAME}",
            f"Demo token: {running.demo.token}",
            "Try:",
            f"  curl -H 'Authorization: Bearer {running.demo.token}' {running.base_url}/v1/statuspages",
        ]
    return [*lines, "Stop with Ctrl-C."]
