"""`statuspages events`: the log."""

from cyclopts import App

events = App(name="events", help="Read the log.")
