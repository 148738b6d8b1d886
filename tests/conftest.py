"""What holds for every test: no network, repeatable randomness, a real browser where one is due."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

CI = bool(os.environ.get("CI"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if CI else "local")


class NetworkBlockedError(RuntimeError):
    """A test tried to leave this machine."""


def is_local(host: object) -> bool:
    """Tell whether an address or a name means this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def block_network(event: str, args: tuple) -> None:
    """Refuse to connect, send or look a name up anywhere but on this machine."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        # AF_UNIX addresses are paths, those of the network are tuples.
        if isinstance(address, tuple) and not is_local(address[0]):
            raise NetworkBlockedError(f"{event} to {address}: the tests run without a network")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not is_local(args[0]):
        raise NetworkBlockedError(f"{event} of {args[0]!r}: the tests run without a network")


# An audit hook sees every socket of this process, whoever opened it; it cannot be removed again.
sys.addaudithook(block_network)


@pytest.fixture
def count_calls():
    """Return a function that counts the calls that a call makes, into libraries included.

    The same input gives the same count on a busy machine, which no clock does.
    """

    def count(call: Callable[[], object]) -> int:
        calls = 0

        def step(frame: object, event: str, argument: object) -> None:
            nonlocal calls
            calls += event in {"call", "c_call"}

        sys.setprofile(step)
        try:
            call()
        finally:
            sys.setprofile(None)
        return calls

    return count


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the path of a Chromium; without one, skip, or fail where CI is set."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    reason = f"no browser here: none of {', '.join(BROWSERS)} is on the PATH"
    if CI:
        pytest.fail(f"{reason}, and with CI set the tests of the map must run")
    pytest.skip(reason)
