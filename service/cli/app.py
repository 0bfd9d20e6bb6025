"""The commands, gathered."""

from importlib.metadata import version

from cyclopts import App

app = App(
    name="statuspages",
    version=version("statuspages"),
    help="""Status pages for organisations: event-sourced, on PostgreSQL, with or without RabbitMQ.

    Start with `statuspages up`: it brings its own PostgreSQL and a demo page, and prints what to try.
    On several machines run `migrate` once, then `api`, `relay` and `worker` where you like.
    Settings come from the environment or a file `.env`; the README lists them.
    """,
)
# By path, so that a command imports what it needs itself and no more: it starts twice as fast.
COMMANDS = {
    "up": ("up:up", "Run everything on this machine: PostgreSQL, API, workers, and a demo page."),
    "api": ("api:api", "Serve the HTTP API: queries, commands, or both."),
    "relay": ("worker:relay", "Publish the log to RabbitMQ."),
    "worker": ("worker:worker", "Run workers: projections, policies and deliverers."),
    "scheduler": (
        "worker:scheduler",
        "Run what happens at its time: expiry of unverified subscriptions, clean-up.",
    ),
    "migrate": (
        "migrate:migrate",
        "Apply the migrations that the database lacks. Safe to run at any time, by several at once.",
    ),
    "doctor": (
        "doctor:doctor",
        "Look for damage and for what stands still; every line that is not ok says what to do.",
    ),
    "export": (
        "moving:export",
        "Write everything into one file: the log with its positions and times, and what is kept beside it.",
    ),
    "import": (
        "moving:import_",
        "Read an export into an empty database: all of it, or nothing if it is damaged.",
    ),
    "import-atlassian": (
        "import_atlassian:import_atlassian",
        "Make a page of an Atlassian Statuspage page: components, incidents with updates, maintenances.",
    ),
    "org": ("org:org", "Create and list organisations."),
    "token": ("token:token", "Create, list and revoke the tokens that call the API."),
    "events": ("events:events", "Read the log of events."),
    "deliveries": (
        "deliveries:deliveries",
        "See what became of each message to a subscriber; retry, hold back or give up.",
    ),
    "dead-letters": (
        "dead_letters:dead_letters",
        "See what RabbitMQ put aside, with the reason; put it back or throw it away.",
    ),
    "replay": (
        "replay:replay",
        "Build read models anew from the log, beside the live ones, while everything runs.",
    ),
}
for name, (path, text) in COMMANDS.items():
    app.command(f"service.cli.{path}", name=name, help=text)
