"""The list of commands, which is read without importing them."""

from importlib import import_module

import pytest
from cyclopts import App

from service.cli.app import COMMANDS


@pytest.mark.parametrize(("path", "text"), COMMANDS.values(), ids=COMMANDS)
def test_what_the_list_says_of_a_command_is_the_first_line_of_its_own_help(path: str, text: str) -> None:
    module, _, name = path.partition(":")
    command = getattr(import_module(f"service.cli.{module}"), name)
    words = command.help if isinstance(command, App) else command.__doc__
    assert words.strip().splitlines()[0] == text
