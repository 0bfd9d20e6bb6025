"""What a projection is: a pure fold of events into documents, and the columns by which they are looked up.

A projection reads no clock, no random and no other read model, so that a rebuild gives what live use gave.
Events come as the log holds them, lifted to their newest schema version; a type without an entry is ignored.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventstore.events import RecordedEvent

Document = dict[str, Any]
FAMILY = re.compile(r"[^/@]*")
Fold = Callable[[str, Document | None, RecordedEvent], Document | None]


@dataclass(frozen=True, slots=True)
class Projection:
    """`fold_version` goes up when the fold changes: what an older one built is then out of date.

    `keys[type]` names the documents an event touches, `folds[type]` changes one of them: given its key, the
    document so far (None: there is none) and the event, it returns the next one (None: it is gone).
    `columns` declares the look-up columns as SQL, `row` computes their values from a document; `indexes` are
    lists of columns.

    Documents whose keys begin with the same words, up to a slash or an @, are a family, found by the column
    `family`, which is of those words. `ends[type]` names the family that is gone with the event, however
    large it is. A type is in `keys` or in `ends`.
    """

    name: str
    fold_version: int
    keys: Mapping[str, Callable[[RecordedEvent], Sequence[str]]]
    folds: Mapping[str, Fold]
    columns: Mapping[str, str]
    row: Callable[[str, Document], Sequence[Any]]
    indexes: Sequence[str] = ()
    family: str = ""
    ends: Mapping[str, Callable[[RecordedEvent], str]] = field(default_factory=dict)

    @property
    def types(self) -> Sequence[str]:
        """Of the events that change anything."""
        return [*self.keys, *self.ends]

    def keys_of(self, event: RecordedEvent) -> Sequence[str]:
        find = self.keys.get(event.type)
        return () if find is None else find(event)


def family_of(key: str) -> str:
    """The words that the keys of its family have in common."""
    found = FAMILY.match(key)
    return found[0] if found else ""


def component_of(event: RecordedEvent) -> str:
    """The family of a component's documents, for `ends`."""
    component_id: str = event.data["component_id"]
    return component_id
