"""Computers with stock clients on them, told nothing but where the hub is and who they are."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from support import ALICE

ACT = Path(__file__).with_name("act.py")
ANSWER = "ANSWER "
# Of what a client says when it fails: some repeat themselves for minutes.
KEPT = 8_000


class Machine:
    """One computer: a home of its own, so none of the caches that another one has filled.

    A client reads its settings once, so each of its runs is a process of its own.
    """

    def __init__(self, home: Path, python: str = sys.executable):
        self.home = home
        self.python = python
        home.mkdir(parents=True)
        # It has looked for a newer release today; if not, it would ask the package registry.
        (home / ".check_for_update_done").touch()

    def start(self, *command, token=ALICE, env=None) -> subprocess.Popen:
        return subprocess.Popen(
            [str(part) for part in command],
            env={**os.environ, "HF_HOME": str(self.home), "HF_TOKEN": token, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start_hf(self, *args, **how) -> subprocess.Popen:
        return self.start(Path(self.python).parent / "hf", *args, **how)

    def hf(self, *args, **how) -> str:
        """What the command line says; it must succeed."""
        code, said = finish(self.start_hf(*args, **how))
        assert code == 0, summary(code, said)
        return said

    def hf_refuses(self, *args, **how) -> str:
        """What the command line says; it must fail."""
        code, said = finish(self.start_hf(*args, **how))
        assert code != 0, summary(code, said)
        return said

    def act(self, name: str, token=ALICE, env=None, **values):
        """Calls a function of `act.py`; answers what it returns. An exception there is one here."""
        child = self.start(self.python, ACT, name, json.dumps(values), token=token, env=env)
        code, said = finish(child)
        assert code == 0, summary(code, said)
        line = next(line for line in said.splitlines() if line.startswith(ANSWER))
        answer = json.loads(line.removeprefix(ANSWER))
        if "error" in answer:
            raise Refused(**answer["error"])
        return answer["value"]


class Refused(Exception):
    """What a client raised in its own process."""

    def __init__(self, kinds, message, status, server_message):
        super().__init__(f"{kinds[0]}: {message}")
        self.kinds = kinds
        self.message = message
        self.status = status
        self.server_message = server_message


def finish(child: subprocess.Popen, seconds: float = 120):
    try:
        out, err = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        out, err = child.communicate()
        raise AssertionError(f"not done after {seconds} s\n{err}\n{out}") from None
    return child.returncode, f"{out}\n{err}"


def summary(code: int, said: str) -> str:
    """The last line first: that is where a traceback tells what is wrong."""
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "silence")
    return f"ended with {code}: {last.strip()}\n{said[-KEPT:]}"


def until(true, seconds: float, what: str):
    """The first answer of `true()` that is one, asked again and again for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {seconds} s")
