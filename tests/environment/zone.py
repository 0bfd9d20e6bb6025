"""A DNS server on loopback that says what it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Zone(asyncio.DatagramProtocol):
    """CNAMEs and addresses by name. One in `silent` gets no answer, one in `failing` SERVFAIL, an unknown one
    NXDOMAIN."""

    cnames: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, list[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    transport: asyncio.DatagramTransport | None = None

    @property
    def server(self) -> str:
        assert self.transport is not None
        return f"127.0.0.1:{self.transport.get_extra_info('sockname')[1]}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True)
        if self.transport is not None and name not in self.silent:
            self.transport.sendto(self._answer(query, name).to_wire(), addr)

    def _answer(self, query: dns.message.Message, name: str) -> dns.message.Message:
        answer = dns.message.make_response(query)
        if name in self.failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name in self.cnames:
            answer.answer = [dns.rrset.from_text(name + ".", 60, "IN", "CNAME", self.cnames[name] + ".")]
        elif name in self.addresses:
            answer.answer = self._addresses(name, dns.rdatatype.to_text(query.question[0].rdtype))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def _addresses(self, name: str, kind: str) -> list[dns.rrset.RRset]:
        of_kind = [each for each in self.addresses[name] if (":" in each) is (kind == "AAAA")]
        return [dns.rrset.from_text_list(name + ".", 60, "IN", kind, of_kind)] if of_kind else []


@asynccontextmanager
async def dns_zone() -> AsyncIterator[Zone]:
    loop = asyncio.get_running_loop()
    transport, zone = await loop.create_datagram_endpoint(Zone, local_addr=("127.0.0.1", 0))
    try:
        yield zone
    finally:
        transport.close()
