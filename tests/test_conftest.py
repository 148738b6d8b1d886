"""The tests' own guards do guard."""

from __future__ import annotations

import socket
import urllib.request

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_no_test_reaches_the_network(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as probe, pytest.raises(RuntimeError, match="without a network"):
        probe.connect(address)


def test_no_test_looks_a_name_up():
    with pytest.raises(RuntimeError, match="without a network"):
        urllib.request.urlopen("http://example.invalid/")


def test_this_machine_stays_reachable():
    # Notebook kernels talk to their client over loopback.
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        client.sendall(b"x")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(1) == b"x"
