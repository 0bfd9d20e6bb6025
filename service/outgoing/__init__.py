"""Requests to addresses that strangers name: never into our own network.

An address is judged three times: as text when it is given (`parse_url`), when its name is looked up, and last
when the socket is made, where nothing can come between. What is not plainly public is forbidden.
"""

from service.outgoing.addresses import Networks
from service.outgoing.client import Answer, Outgoing, Unreachable
from service.outgoing.names import NamedBy
from service.outgoing.url import UrlNotAllowed, parse_url

__all__ = ["Answer", "NamedBy", "Networks", "Outgoing", "Unreachable", "UrlNotAllowed", "parse_url"]
