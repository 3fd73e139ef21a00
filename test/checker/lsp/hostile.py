# What no editor should send, and editors that are gone.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import pathlib
import signal
import subprocess
import time

from client import Server
from project import LEAK, Project, arguments

folder, root, command = arguments()
project = Project(folder, root)


def error_of(server, number=None):
    return server.wait(lambda m: m.get("id") == number and "error" in m)["error"]["code"]


# Before 'initialize' there is nothing to ask, and no message to heed.
server = Server(command, project.folder, start=False)
server.notify("textDocument/didOpen", {})
server.send({"id": 7, "method": "textDocument/hover", "params": {}})
assert error_of(server, 7) == -32002
server.notify("exit", None)
assert server.process.wait(20) == 1

# Frames and messages that are none are passed over.
server = Server(command, project.folder)
server.write(b"Content-Length: nonsense\r\n\r\n")
server.write(b"Content-Type: text\r\n\r\n")
server.write(b"Content-Length: 5\r\n\r\n{\"a\":")
assert error_of(server) == -32700
server.write(b"Content-Length: 2\r\n\r\n[]")
assert error_of(server) == -32600
server.send({"id": 8, "method": "textDocument/none", "params": {}})
assert error_of(server, 8) == -32601
for params in ({}, {"textDocument": 3}, {"textDocument": {"uri": "file:///none.cpp"}, "contentChanges": [4]}, [1]):
    for method in ("didOpen", "didChange", "didClose", "didSave"):
        server.notify(f"textDocument/{method}", params)
    assert server.request("textDocument/hover", params) is None
    assert server.request("textDocument/codeAction", params) == []
server.open("leak.cpp")
assert len(server.diagnostics("leak.cpp")) == 1
for change in ({}, {"text": 3}, {"text": "", "range": {"start": {"line": -1, "character": 0}}}):
    server.notify("textDocument/didChange", {"textDocument": {"uri": server.uri("leak.cpp"), "version": 9},
                                             "contentChanges": [change]})
server.versions["leak.cpp"] = 9
assert len(server.diagnostics("leak.cpp")) == 1
server.change("leak.cpp", ("// the end\n", (10 ** 6, 0), (2 * 10 ** 6, 5)))
assert len(server.diagnostics("leak.cpp")) == 1
# A frame that comes byte by byte.
for byte in b"Content-Length: 53\r\n\r\n" + b'{"jsonrpc":"2.0","id":99,"method":"shutdown"}        ':
    server.write(bytes([byte]))
server.response(99)
server.notify("exit", None)
assert server.process.wait(20) == 0

# A file of megabytes holds nobody up.
server = Server(command, project.folder)
server.open("leak.cpp", LEAK + "// much\n" * 1_000_000)
assert len(server.diagnostics("leak.cpp")) == 1
# Documents of other languages, and those that are in no file, are let alone.
server.open("leak.py", "print()", language="python")
server.notify("textDocument/didOpen", {"textDocument": {
    "uri": "untitled:one", "languageId": "cpp", "version": 1, "text": LEAK}})
assert server.quiet(1)


def children():
    pid = server.process.pid
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


# An editor that closes the pipe is gone, and what was under way with it.
server.change("leak.cpp", LEAK)
time.sleep(0.2)
started = children()
server.process.stdin.close()
assert server.process.wait(20) == 1
time.sleep(0.5)
assert not any(os.path.exists(f"/proc/{pid}") for pid in started), started

# One that died without a word is missed after a while.
editor = subprocess.Popen(["sleep", "60"])
server = Server(command, project.folder, start=False)
server.request("initialize", {"processId": editor.pid, "capabilities": {}})
editor.kill()
editor.wait()
assert server.process.wait(20) == 1

# Whatever ends it, its folder goes with it.
own = project.folder / "temporary"
own.mkdir()
os.environ["TMPDIR"] = str(own)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    server = Server(command, project.folder)
    server.open("leak.cpp")
    server.diagnostics("leak.cpp")
    assert os.listdir(own)
    server.process.send_signal(number)
    assert server.process.wait(20) == 1
    assert not os.listdir(own), os.listdir(own)
