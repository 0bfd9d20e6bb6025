"""The process: an order as JSON on standard input, the report as JSON on standard output."""

import sys
from dataclasses import asdict

import orjson
import uvloop

from benchmarks.load.generator import Order, generate

order = Order(**orjson.loads(sys.stdin.buffer.read()))
sys.stdout.buffer.write(orjson.dumps(asdict(uvloop.run(generate(order)))))
