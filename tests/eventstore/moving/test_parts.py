"""The pieces of an export by themselves: header, seal, the order of the log."""

import gzip
from io import BytesIO

import orjson
import pytest

from eventstore.moving import header as headers
from eventstore.moving.errors import MoveRefused
from eventstore.moving.header import Header, Part
from eventstore.moving.incoming import check_release
from eventstore.moving.seals import SealedReader, SealedWriter
from eventstore.moving.sequence import Sequence

HEADER = Header("product 1", "2026-01-01T00:00:00Z", 2, None, {}, (Part("es.events", ("position",), 2),))
LINES = b'{"a":1}\n{"b":"gr\xc3\xb6\xc3\x9fer"}\n'


def sealed(lines: bytes = LINES) -> bytes:
    output = BytesIO()
    writer = SealedWriter(output.write)
    writer.write(lines)
    writer.seal()
    return output.getvalue()


def read(file: bytes) -> list[bytes]:
    reader = SealedReader(iter(BytesIO(file)))
    lines = [reader.read(), reader.read()]
    reader.finish()
    return lines


def an_event(position: object, stream: str = "thing-1", version: object = 1) -> bytes:
    return orjson.dumps({"position": position, "stream": stream, "version": version})


def test_a_header_comes_back_as_it_was() -> None:
    assert headers.decode(headers.encode(HEADER)) == HEADER


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"no json\n", b"[]\n", b"{}\n", b'{"format":"event-store-export"}\n', b"null\n"]
)
def test_what_is_no_header_is_refused(line: bytes) -> None:
    with pytest.raises(MoveRefused, match="no export"):
        headers.decode(line)


def test_a_later_format_needs_a_newer_release() -> None:
    later = headers.encode(HEADER).replace(b'"format_version":1', b'"format_version":2')
    with pytest.raises(MoveRefused, match="newer release"):
        headers.decode(later)


def test_tables_of_a_later_release_need_that_release() -> None:
    unknown = Header("product 2", "", 0, None, {"9999_later.sql": "abc"}, ())
    with pytest.raises(MoveRefused, match="newer release"):
        check_release(unknown)


def test_a_sealed_file_is_read_as_it_was_written() -> None:
    assert b"".join(read(sealed())) == LINES


def test_every_flipped_bit_breaks_the_seal() -> None:
    file = sealed()
    for place in range(len(file)):
        for bit in range(8):
            damaged = bytearray(file)
            damaged[place] ^= 1 << bit
            with pytest.raises(MoveRefused):
                read(bytes(damaged))


def test_every_missing_end_is_noticed() -> None:
    file = sealed()
    for length in range(len(file)):
        with pytest.raises(MoveRefused):
            read(file[:length])


def test_nothing_may_follow_the_seal() -> None:
    with pytest.raises(MoveRefused):
        read(sealed() + b"\n")


def test_a_compressed_file_that_was_cut_off_is_refused() -> None:
    packed = gzip.compress(sealed())
    for length in range(2, len(packed)):
        with pytest.raises(MoveRefused):
            read_packed(packed[:length])


def read_packed(packed: bytes) -> None:
    reader = SealedReader(iter(gzip.GzipFile(fileobj=BytesIO(packed))))
    reader.read()
    reader.read()
    reader.finish()


def test_a_log_is_every_position_and_every_version_in_a_row() -> None:
    sequence = Sequence()
    sequence.follows(an_event(1), 2)
    sequence.follows(an_event(2, "thing-2"), 3)
    sequence.follows(an_event(3, "thing-1", 2), 4)
    assert sequence.position == 3


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (an_event(1), "after position 1 comes 1"),
        (an_event(3), "after position 1 comes 3"),
        (an_event(2, version=1), "after version 1 of thing-1 comes 1"),
        (an_event(2, version=3), "after version 1 of thing-1 comes 3"),
        (an_event(2, "thing-2", 2), "after version 0 of thing-2 comes 2"),
        (an_event("2"), "after position 1 comes 2"),
        (b"{}", "no event"),
        (b"[", "no event"),
    ],
)
def test_a_log_with_a_gap_or_a_repetition_is_refused_by_its_line(line: bytes, says: str) -> None:
    sequence = Sequence()
    sequence.follows(an_event(1), 2)
    with pytest.raises(MoveRefused, match=f"Line 3: .*{says}"):
        sequence.follows(line, 3)
