"""`hf auth login` by the device flow, in a pseudo-terminal, allowed in a browser: what the client does when it is given no token."""

import http.cookiejar
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from support import URL, VERSION

pytestmark = pytest.mark.skipif(VERSION < (1, 21), reason="this client asks for a token only")

PATIENCE_SECONDS = 120


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Browser:
    """Keeps cookies, sends forms from the hub's own pages."""

    def __init__(self):
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies, Stay)

    def post(self, path, **fields):
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(URL + path, body, {"Origin": URL})
        try:
            return self.opener.open(request).status
        except urllib.error.HTTPError as refused:
            return refused.code


def command():
    beside = Path(sys.executable).with_name("hf")
    return str(beside) if beside.exists() else shutil.which("hf")


def environment(home):
    kept = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"}
    return {**kept, "HF_ENDPOINT": URL, "HF_HOME": str(home), "TERM": "xterm"}


def converse(environ, on_code):
    """Runs `hf auth login` in a terminal of its own, chooses the browser, and hands on the code it shows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command(), ["hf", "auth", "login"], environ)
    said, has_told = "", False
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        if select.select([terminal], [], [], 1)[0]:
            try:
                chunk = os.read(terminal, 4096)
            except OSError:
                break
            if not chunk:
                break
            said += chunk.decode(errors="replace")
        elif "Paste an access token" in said and not has_told:
            # The menu stands still. It throws away what is typed before it listens, so the key is pressed until it is heard.
            os.write(terminal, b"\r")
        code = re.search(r"enter the code: ([A-Z]{4}-[A-Z]{4})", said)
        if code and not has_told:
            has_told = True
            on_code(code.group(1))
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), said


def signed_in(name):
    browser = Browser()
    assert browser.post("/login", name=name, password=f"correct-horse-{name}-staple") == 303
    return browser


def test_login_whoami_and_upload(tmp_path, new_id):
    browser = signed_in("alice")
    environ = environment(tmp_path)
    allow = lambda code: browser.post("/device", user_code=code, decision="allow")  # noqa: E731
    code, said = converse(environ, allow)
    assert code == 0, said
    assert "Login successful" in said
    whoami = subprocess.run([command(), "auth", "whoami"], env=environ, capture_output=True, text=True)
    assert whoami.returncode == 0, whoami.stderr
    assert "alice" in whoami.stdout
    (tmp_path / "x.txt").write_text("x")
    upload = [command(), "upload", new_id("login"), str(tmp_path / "x.txt"), "x.txt"]
    done = subprocess.run(upload, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_not_me(tmp_path):
    browser = signed_in("bob")
    deny = lambda code: browser.post("/device", user_code=code, decision="deny")  # noqa: E731
    code, said = converse(environment(tmp_path), deny)
    assert code != 0, said
    assert "Login successful" not in said
