"""What has passed between the clients and the hub, as `conformance/kit/recorder.ts` saw it."""

import json
import os
import urllib.request
from contextlib import contextmanager

CONTROL = os.environ["CONFORMANCE_RECORDER"]
# More faults than any test lives to see.
FOREVER = 1_000_000


class Recording:
    """The requests of a while; a request that a fault kept from the hub counts as not sent."""

    def __init__(self):
        self._first = len(_ask("/seen?since=0"))
        self._requests = None

    def close(self):
        self._requests = self._read()

    def _read(self):
        return _ask(f"/seen?since={self._first}")

    def of(self, route=None, method=None):
        return [
            one
            for one in (self._read() if self._requests is None else self._requests)
            if route in (None, one["route"]) and method in (None, one["method"])
        ]

    def count(self, route, method=None) -> int:
        return sum(not one["faked"] for one in self.of(route, method))

    def taken(self, route, method) -> int:
        """How many the hub has acknowledged."""
        return sum(
            one["done"] and not one["faked"] and one["status"] == 200
            for one in self.of(route, method)
        )

    def faked(self) -> int:
        return sum(one["faked"] for one in self.of())

    def sent(self, route=None) -> int:
        """Bytes of request bodies that reached the hub."""
        return sum(one["sentBytes"] for one in self.of(route) if not one["faked"])

    def paths(self, route):
        return [one["path"] for one in self.of(route)]


@contextmanager
def recorded():
    recording = Recording()
    yield recording
    recording.close()


@contextmanager
def broken(route, method, answer, skip=0, times=1):
    """For a while, the hub seems to answer some requests with a status, or (`hold`) not at all."""
    fault = {"route": route, "method": method, "answer": answer, "skip": skip, "times": times}
    _put_faults([fault])
    try:
        yield
    finally:
        _put_faults([])


def _ask(path):
    with urllib.request.urlopen(CONTROL + path, timeout=10) as answer:
        return json.load(answer)


def _put_faults(faults):
    body = json.dumps(faults).encode()
    request = urllib.request.Request(f"{CONTROL}/faults", data=body, method="PUT")
    urllib.request.urlopen(request, timeout=10).close()
