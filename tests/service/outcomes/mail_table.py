"""What a recipient's mail server says, and what follows for the mail and the subscription."""

from typing import NamedTuple

from tests.environment.scripted_smtp import DRIP, END_OF_DATA, FALL_SILENT, HANG_UP, LATE


class Row(NamedTuple):
    """At `point` the server says `answer`; then the delivery is `state` for `reason`, if any."""

    point: str
    answer: str
    state: str
    reason: str | None
    subscription: str = "verified"


BAD = {
    "full": Row("RCPT", "450 4.2.1 full", "pending", "rcpt: 450 4.2.1"),
    "unknown": Row("RCPT", "550 5.1.1 <ada@unknown.example>", "refused", "rcpt: 550 5.1.1", "quarantined"),
    "not-from-us": Row("RCPT", "550 5.7.1 you are listed", "refused", "rcpt: 550 5.7.1"),
    "closing": Row("RCPT", "421 4.3.2 going down", "pending", "rcpt: 421 4.3.2"),
    "hangs-up": Row("RCPT", HANG_UP, "pending", "rcpt: SMTPServerDisconnected"),
    "silent": Row("RCPT", FALL_SILENT, "pending", "rcpt: TimeoutError"),
    "drips": Row("RCPT", f"{DRIP}250 fine", "pending", "rcpt: TimeoutError"),
    "no-data-now": Row("DATA", "451 4.3.0 later", "pending", "data: 451 4.3.0"),
    "no-data": Row("DATA", "554 no", "pending", "data: 554"),
    "no-room": Row(END_OF_DATA, "452 4.3.1 full", "pending", "data: 452 4.3.1"),
    "spam": Row(END_OF_DATA, "554 5.7.1 spam", "pending", "data: 554 5.7.1"),
    "takes-and-hangs-up": Row(END_OF_DATA, HANG_UP, "pending", "data: SMTPServerDisconnected"),
    "takes-and-is-late": Row(END_OF_DATA, f"{LATE}250 taken", "pending", "data: TimeoutError"),
}
