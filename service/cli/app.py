"""The commands, gathered."""

from importlib.metadata import version

from cyclopts import App

from service.cli.api import api
from service.cli.doctor import doctor
from service.cli.events import events
from service.cli.import_atlassian import import_atlassian
from service.cli.migrate import migrate
from service.cli.moving import export, import_
from service.cli.org import org
from service.cli.replay import replay
from service.cli.token import token
from service.cli.up import up
from service.cli.worker import relay, scheduler, worker

app = App(
    name="statuspages",
    version=version("statuspages"),
    help="""Status pages for organisations: event-sourced, on PostgreSQL, with or without RabbitMQ.

    Start with `statuspages up`: it brings its own PostgreSQL and a demo page, and prints what to try.
    On several machines run `migrate` once, then `api`, `relay` and `worker` where you like.
    Settings come from the environment or a file `.env`; the README lists them.
    """,
)
for command in (up, api, relay, worker, scheduler, migrate, doctor):
    app.command(command)
app.command(export)
app.command(import_, name="import")
app.command(import_atlassian)
for group in (org, token, events, replay):
    app.command(group)
