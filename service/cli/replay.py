"""`statuspages replay`: read models, built anew from the log."""

from cyclopts import App

replay = App(name="replay", help="Build read models anew from the log, beside the live ones.")
