"""Where a command comes from, as the log will say it."""

from service.commands.handler import Origin
from service.http.call import Call


def origin(call: Call) -> Origin:
    actor = f"token:{call.caller.token_id}" if call.caller else "visitor"
    return Origin(call.command_id, actor, call.correlation_id, repeatable=call.repeatable)
