"""Who the server runs as. PostgreSQL refuses root, so root lends it an unprivileged user."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from eventstore.embedded.errors import EmbeddedPostgresError

UNPRIVILEGED = ("postgres", "nobody")
# The server is asked to stop (SIGINT: fast shutdown) when this process ends, however it ends.
STOPS_WITH_PARENT = "--pdeathsig=INT"
# Folders above the programs or the data may be closed to the user (a clone below /root). Their modes are not
# ours to change, so the server gets the one capability that passes them. The secure bit makes access(2), with
# which PostgreSQL looks at its own programs, honour that capability.
PASSES_CLOSED_FOLDERS = (
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
)
CAN_ENTER = 'for path; do test -x "$path" || exit 1; done'


@dataclass(frozen=True)
class User:
    """A system user by number."""

    uid: int
    gid: int

    def takes(self, folder: Path) -> None:
        os.chown(folder, self.uid, self.gid)


def server_user(cluster: Path) -> User | None:
    """The user to switch to: the owner of the data where there is some; None when this process isn't root.

    Raises EmbeddedPostgresError.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return User(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return User(entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError("PostgreSQL refuses to run as root: run this as an ordinary user.")


def command_prefix(user: User | None, enters: Sequence[Path]) -> list[str]:
    """What to put before a PostgreSQL program, so that it runs as `user`, enters those paths, stops with us.

    Raises EmbeddedPostgresError.
    """
    setpriv = shutil.which("setpriv") or ""
    for options in _ways(user):
        prefix = [setpriv, *options]
        if setpriv and _can_enter(prefix, enters):
            return prefix
    if user is None:
        return []  # no setpriv (macOS): a server outlives the kill -9 of its parent; the next start joins it
    raise EmbeddedPostgresError(
        "As root PostgreSQL needs `setpriv` (util-linux) and the right to switch users and enter "
        f"{enters[0].parent}: run this as an ordinary user, or set DATABASE_URL."
    )


def _ways(user: User | None) -> list[list[str]]:
    if user is None:
        return [[STOPS_WITH_PARENT]]
    switch = [f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups", STOPS_WITH_PARENT]
    return [switch, [*switch, *PASSES_CLOSED_FOLDERS]]


def _can_enter(prefix: list[str], paths: Sequence[Path]) -> bool:
    command = [*prefix, "sh", "-c", CAN_ENTER, "sh", *map(str, paths)]
    return subprocess.run(command, check=False, capture_output=True, cwd="/").returncode == 0  # noqa: S603
