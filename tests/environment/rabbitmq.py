"""The RabbitMQ to test against: the one that is there, else one started for this run."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import aio_pika
from aio_pika.exceptions import AMQPError

from tests.environment.waiting import eventually

STANDARD = "amqp://guest:guest@127.0.0.1:5672/"
STANDARD_PORTS = {"amqp": 5672, "amqps": 5671}
DOCKER_IMAGE = "rabbitmq:3.13"
START_SECONDS = 120
# Debian's rabbitmq-server in the PATH switches to the system's user, home and node; the script below doesn't.
SCRIPTS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/homebrew/sbin/rabbitmq-server")


class NoBroker(Exception):
    """The message is one line that says what to install or set."""


@asynccontextmanager
async def broker() -> AsyncIterator[str]:
    """The URL of a broker that answers; whatever was started for it is stopped again. Raises NoBroker."""
    named = os.environ.get("AMQP_URL")
    if await answers(named or STANDARD):
        yield named or STANDARD
    elif named:
        raise NoBroker("AMQP_URL is set, but no RabbitMQ answers there.")
    else:
        with started_broker() as url:
            await eventually(lambda: answers(url), START_SECONDS, "RabbitMQ answering")
            yield url


async def answers(url: str) -> bool:
    """Whether a broker lets us in. Looks for the port first: aio_pika logs each refused connection."""
    address = urlsplit(url)
    try:
        socket.create_connection(
            (address.hostname or "127.0.0.1", address.port or STANDARD_PORTS[address.scheme]), timeout=3
        ).close()
        connection = await aio_pika.connect(url, timeout=3)
    except (OSError, TimeoutError, AMQPError):
        return False
    await connection.close()
    return True


@contextmanager
def started_broker() -> Iterator[str]:
    """A broker of our own: local, else in Docker, else after installing Debian's package. Raises NoBroker."""
    script = server_here()
    if script is not None:
        with local_broker(script) as url:
            yield url
    elif docker_runs():
        with docker_broker() as url:
            yield url
    else:
        raise NoBroker("The tests need RabbitMQ: install rabbitmq-server or Docker, or set AMQP_URL.")


def server_here() -> str | None:
    """Its script, after installing it where that is possible; of processes that want it so, one does it."""
    with (Path(tempfile.gettempdir()) / "rabbitmq-test.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if find_server() is None and not docker_runs() and can_install():
            install_server()
        return find_server()


def find_server() -> str | None:
    known = next((script for script in SCRIPTS if Path(script).exists()), None)
    return known or shutil.which(
        "rabbitmq-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    )


@contextmanager
def local_broker(script: str) -> Iterator[str]:
    """Own node name, ports, cookie, data and port mapper, so that it meets no other node on this machine."""
    port, distribution_port, mapper_port = free_ports(3)
    with tempfile.TemporaryDirectory(prefix="rabbitmq-test-") as folder:
        environment = node_environment(Path(folder), port, distribution_port, mapper_port)
        with child(["epmd", "-port", str(mapper_port)], environment), child([script], environment):
            yield f"amqp://guest:guest@127.0.0.1:{port}/"


def node_environment(folder: Path, port: int, distribution_port: int, mapper_port: int) -> dict[str, str]:
    for name in ("enabled_plugins", "env.conf"):
        (folder / name).touch()
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.local = 127.0.0.1:{port}\n")
    own = {
        "HOME": folder,
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": mapper_port,
        "RABBITMQ_NODENAME": f"test-{os.getpid()}-{port}@localhost",
        "RABBITMQ_DIST_PORT": distribution_port,
        "RABBITMQ_CONF_ENV_FILE": folder / "env.conf",
        "RABBITMQ_CONFIG_FILE": folder / "rabbitmq.conf",
        "RABBITMQ_ENABLED_PLUGINS_FILE": folder / "enabled_plugins",
        "RABBITMQ_MNESIA_BASE": folder / "data",
        "RABBITMQ_LOG_BASE": folder / "log",
        "RABBITMQ_PID_FILE": folder / "pid",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("RABBITMQ_")}
    return inherited | {name: str(value) for name, value in own.items()}


@contextmanager
def child(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """Run a program in a process group of its own; in the end stop that group and nothing else."""
    process = subprocess.Popen(
        command, env=environment, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        for request in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, request)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


def docker_runs() -> bool:
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "info"], check=False, capture_output=True, timeout=20).returncode == 0


@contextmanager
def docker_broker() -> Iterator[str]:
    [port] = free_ports(1)
    command = ["docker", "run", "--rm", "--detach", "--publish", f"127.0.0.1:{port}:5672", DOCKER_IMAGE]
    container = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    try:
        yield f"amqp://guest:guest@127.0.0.1:{port}/"
    finally:
        subprocess.run(["docker", "stop", container], check=True, capture_output=True)


def can_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def install_server() -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "rabbitmq-server"]):
        result = subprocess.run(
            ["apt-get", "-q", *command], check=False, env=environment, stdout=subprocess.DEVNULL
        )
        if result.returncode != 0:
            raise NoBroker(f"apt-get {command[0]} failed: install rabbitmq-server by hand, or set AMQP_URL.")
