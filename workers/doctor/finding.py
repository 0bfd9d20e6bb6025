"""One line of the doctor's report."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do; it is empty when all is well."""

    subject: str
    text: str
    advice: str = ""

    @property
    def well(self) -> bool:
        return not self.advice
