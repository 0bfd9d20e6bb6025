"""postmaster.pid: which server runs on a data directory, and where it listens."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

NO_PROCESS = 2**22 + 1  # above the largest process id of Linux and macOS


@dataclass(frozen=True)
class RunningServer:
    """What the server wrote about itself. `dsn` names its maintenance database; `ready` to connect."""

    pid: int
    dsn: str
    ready: bool


def running_server(cluster: Path) -> RunningServer | None:
    """The server that runs on this data, starting and stopping ones included; None when there is none.

    Raises PermissionError when the data is another user's.
    """
    lines = _lines(cluster)
    if not lines or not _is_server(int(lines[0]), cluster):
        return None
    port, socket_dir, status = (lines[3], lines[4], lines[7]) if len(lines) > 7 else ("", "", "starting")
    return RunningServer(int(lines[0]), server_dsn(socket_dir, port), ready=status == "ready")


def disown_pid_file(cluster: Path) -> None:
    """Make a stale file harmless whose process id now belongs to something else (usual after a reboot).

    PostgreSQL would refuse to start for ever. Only the id is replaced: the file goes on naming the shared
    memory by which PostgreSQL notices leftovers of the old server, so that interlock stays.
    """
    lines = _lines(cluster)
    if lines and not _is_server(int(lines[0]), cluster):
        (cluster / "postmaster.pid").write_text("\n".join([str(NO_PROCESS), *lines[1:]]) + "\n")


def server_dsn(socket_dir: Path | str, port: str = "5432") -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(socket_dir), safe='/')}&port={port}"


def _lines(cluster: Path) -> list[str]:
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
    return [line.strip() for line in lines] if lines and lines[0].strip().isdigit() else []


def _is_server(pid: int, cluster: Path) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # alive, and another user's
    return f"-D {cluster}" in _command_line(pid)


def _command_line(pid: int) -> str:
    """World-readable, unlike what else is known of another user's process."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout  # noqa: S603
