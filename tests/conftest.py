"""What holds for every test: no network, repeatable randomness, a real browser where one is due."""

from __future__ import annotations

import ipaddress
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CI = bool(os.environ.get("CI"))
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

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


@pytest.fixture(scope="session")
def postgis_socket() -> Iterator[str]:
    """Run a PostgreSQL server with PostGIS and give the folder of its socket.

    Without one, skip, or fail where CI is set. It listens on no port, keeps everything in a
    folder of its own, and runs as another user where the tests run as root, as it must.
    """
    tools = server_tools()
    if not tools:
        reason = "no PostGIS here: initdb, postgres and the extension postgis are needed"
        if CI:
            pytest.fail(f"{reason}, and with CI set the tests of the database must run")
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = server_user()
    try:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        with server(tools, folder, user):
            yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def server_tools() -> Path | None:
    """Return the folder of the newest PostgreSQL here that has PostGIS."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: each.parent.name)
    for folder in [*([Path(on_path).parent] if on_path else []), *reversed(folders)]:
        if not ((folder / "initdb").exists() and (folder / "postgres").exists()):
            continue
        config = [str(folder / "pg_config"), "--sharedir"]
        try:
            done = subprocess.run(config, capture_output=True, text=True, check=True)
            share = Path(done.stdout.strip())
        except (OSError, subprocess.CalledProcessError):
            share = Path("/usr/share/postgresql") / folder.parent.name
        if (share / "extension" / "postgis.control").exists():
            return folder
    return None


def server_user() -> str | None:
    """Return whom a server runs as: itself, but of root some user without rights."""
    if os.getuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in known)


@contextmanager
def server(tools: Path, folder: Path, user: str | None) -> Iterator[None]:
    data = folder / "data"
    subprocess.run(
        [tools / "initdb", "-D", data, "-U", "frontline", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync"],
        check=True, capture_output=True, user=user, cwd=folder,
    )  # fmt: skip
    settings_ = {
        "listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off",
        "full_page_writes": "off", "max_connections": "10", "shared_buffers": "16MB",
    }  # fmt: skip
    options = [word for key, value in settings_.items() for word in ("-c", f"{key}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [tools / "postgres", "-D", data, *options],
            stdout=log, stderr=log, user=user, cwd=folder,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not (folder / ".s.PGSQL.5432").exists() and time.monotonic() < deadline:
            if process.poll() is not None:
                pytest.fail(f"the server ended: {(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # a fast shutdown
        process.wait(timeout=60)
