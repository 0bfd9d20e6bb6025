"""Logs: one JSON object a line on standard error; for a person at a terminal, readable lines."""

import logging
import re
import sys
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

current_request: ContextVar[str | None] = ContextVar("current_request", default=None)
"""The request that is being answered; its name is in every line that is logged meanwhile."""

SECRET_NAME = re.compile(r"authorization|cookie|password|secret|token(?!_id)|address|channel_value|dsn", re.I)
SECRET_VALUE = re.compile(
    r"sp_[A-Za-z0-9_-]{8,}|whsec_[A-Za-z0-9+/=]+|\b[\w.+-]+@[\w-]+\.[\w.-]+|(?<=://)[^/\s@]+@"
)
HIDDEN = "[hidden]"


def configure_logs(level: str = "info") -> None:
    """Once per process. `level`: debug, info, warning or error. Other libraries' warnings come along."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_shared(), _renderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_shared(), processors=_foreign())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        _add_request,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        *([] if sys.stderr.isatty() else [structlog.processors.format_exc_info]),
        hide_secrets,
    ]


def _foreign() -> list[Processor]:
    return [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()]


def _renderer() -> Processor:
    if sys.stderr.isatty():
        # The richer traceback shows local variables, and with them tokens and addresses.
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer()


def _add_request(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    name = current_request.get()
    if name is not None:
        event.setdefault("request_id", name)
    return event


def hide_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Tokens, passwords and addresses stay out of the logs, whoever put them into a message."""
    for name, value in event.items():
        if SECRET_NAME.search(name):
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = SECRET_VALUE.sub(HIDDEN, value)
    return event
