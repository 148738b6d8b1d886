"""A PostGIS of one's own for a while: a server in a temporary folder, on a local socket only.

Needs Debian's postgresql and postgis (or another PostgreSQL with the extension on the PATH).
PostgreSQL does not run as root: root lends it an account, anybody else runs it as himself.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNTS = ("postgres", "nobody")
MARK = "-- end of answer --"


class NoServerError(RuntimeError):
    """There is no PostGIS here."""


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL that has PostGIS."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
    found = shutil.which("initdb")
    folders += [Path(found).resolve().parent] if found else []
    for folder in folders:
        config = folder / "pg_config"
        if not (folder / "initdb").exists() or not config.exists():
            continue
        shared = subprocess.run([config, "--sharedir"], check=True, capture_output=True, text=True)
        if (Path(shared.stdout.strip()) / "extension" / "postgis.control").exists():
            return folder
    raise NoServerError("no PostgreSQL with PostGIS here (Debian: postgresql-15-postgis-3)")


class Session:
    """One connection through psql, answered by one process of the server on one core."""

    def __init__(self, psql: subprocess.Popen[str]) -> None:
        self.psql = psql
        self.backend = int(self.run("SELECT pg_backend_pid()")[0])

    def run(self, sql: str) -> list[str]:
        """Run a statement and return the lines of its answer.

        Raises
        ------
        RuntimeError
            The server does not take it.
        """
        reader, writer = self.psql.stdout, self.psql.stdin
        if reader is None or writer is None:
            raise RuntimeError("psql has no pipes")
        writer.write(f"{sql};\n\\echo {MARK}\n")
        writer.flush()
        lines: list[str] = []
        for line in reader:
            if line.rstrip("\n") == MARK:
                return lines
            lines.append(line.rstrip("\n"))
        raise RuntimeError(f"{sql[:200]}: {' '.join(lines)}")

    def cpu_s(self, sql: str) -> tuple[float, list[str]]:
        """Return the processor seconds of a statement on the server, and its answer."""
        start = self._used_s()
        lines = self.run(sql)
        # The kernel counts in hundredths of a second.
        return max(self._used_s() - start, 0.01), lines

    def copy(self, table: str, path: Path) -> None:
        """Fill a table from a file of tab-separated columns."""
        reader, writer = self.psql.stdout, self.psql.stdin
        if reader is None or writer is None:
            raise RuntimeError("psql has no pipes")
        writer.write(f"\\copy {table} FROM '{path}'\n\\echo {MARK}\n")
        writer.flush()
        for line in reader:
            if line.rstrip("\n") == MARK:
                return
        raise RuntimeError(f"{path} could not be copied")

    def _used_s(self) -> float:
        try:
            text = Path(f"/proc/{self.backend}/stat").read_text(encoding="utf-8")
        except FileNotFoundError:  # no Linux: the clock on the wall
            return time.perf_counter()
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def server() -> Iterator[Session]:
    """Start a server, give a session with it, stop it and remove its files.

    Raises
    ------
    NoServerError
        It is not installed, or does not start.
    """
    folder = binaries()
    options: dict[str, Any] = {"capture_output": True, "text": True}
    with tempfile.TemporaryDirectory(prefix="frontline-pg-") as work:
        if os.geteuid() == 0:
            account = lent_account()
            os.chown(work, account.pw_uid, account.pw_gid)
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        options["cwd"] = work
        data = f"{work}/data"
        settings = (
            f"-c listen_addresses='' -c unix_socket_directories={work} -c fsync=off "
            "-c max_parallel_workers_per_gather=0 -c work_mem=256MB -c shared_buffers=512MB "
            "-c jit=off"
        )
        control = [folder / "pg_ctl", "-D", data, "-w", "-l", f"{work}/log"]
        initial = ["-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        try:
            subprocess.run([folder / "initdb", *initial], check=True, **options)
            # A server that keeps the pipes would keep the reader of them waiting.
            quiet = options | {"capture_output": False, "stdout": subprocess.DEVNULL}
            subprocess.run([*control, "-o", settings, "start"], check=True, **quiet)
        except subprocess.CalledProcessError as error:
            raise NoServerError(f"PostgreSQL does not start: {error.stderr or error}") from None
        try:
            command = [folder / "psql", "-h", work, "-U", "bench", "-d", "postgres"]
            command += ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
            with subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            ) as psql:
                session = Session(psql)
                session.run("CREATE EXTENSION postgis")
                yield session
                psql.communicate("\\q\n")
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **options)


def lent_account() -> pwd.struct_passwd:
    """Return an account without rights, for a server that root starts."""
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServerError(f"root needs an account for PostgreSQL: none of {', '.join(ACCOUNTS)}")
