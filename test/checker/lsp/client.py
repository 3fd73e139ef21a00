# A client of the Language Server Protocol for tests: what an editor does, without one.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import os
import pathlib
import select
import subprocess
import time

LIMIT = 60  # seconds for anything


class Server:
    """One running server. Messages that come while another is waited for are kept."""

    def __init__(self, command, folder, capabilities=None, options=None, start=True):
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.folder = pathlib.Path(folder)
        self.arrived = b""
        self.kept = []
        self.last_id = 0
        self.versions = {}
        if start:
            self.answer = self.request("initialize", {
                "processId": os.getpid(), "rootUri": self.folder.as_uri(), "capabilities": capabilities or {},
                "initializationOptions": options or {}})
            self.notify("initialized", {})

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params, limit=LIMIT):
        number = self.ask(method, params)
        return self.response(number, limit)

    def ask(self, method, params):
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        return self.last_id

    def response(self, number, limit=LIMIT):
        answer = self.wait(lambda m: m.get("id") == number and "method" not in m, limit)
        assert "error" not in answer, answer
        return answer["result"]

    def read(self, limit):
        """The next message; None if none comes in time."""
        end = time.monotonic() + limit
        while True:
            head, found, rest = self.arrived.partition(b"\r\n\r\n")
            if found:
                length = int(head.split(b":")[1])
                if len(rest) >= length:
                    self.arrived = rest[length:]
                    return json.loads(rest[:length])
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                return None
            self.arrived += data

    def wait(self, fits, limit=LIMIT):
        for message in self.kept:
            if fits(message):
                self.kept.remove(message)
                return message
        end = time.monotonic() + limit
        while True:
            message = self.read(end - time.monotonic())
            assert message is not None, f"nothing came; before: {self.kept}"
            if fits(message):
                return message
            self.kept.append(message)

    def uri(self, name):
        return (self.folder / name).as_uri()

    def open(self, name, text=None, language="cpp"):
        text = (self.folder / name).read_text() if text is None else text
        self.versions[name] = 1
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": self.uri(name), "languageId": language, "version": 1, "text": text}})

    def change(self, name, *changes):
        """Texts, or (text, (line, character), (line, character))."""
        self.versions[name] += 1
        content = []
        for change in changes:
            if isinstance(change, str):
                content.append({"text": change})
            else:
                text, start, end = change
                content.append({"text": text, "range": {
                    "start": dict(zip(("line", "character"), start)),
                    "end": dict(zip(("line", "character"), end))}})
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": self.uri(name), "version": self.versions[name]}, "contentChanges": content})

    def diagnostics(self, name, limit=LIMIT):
        """Those of the version that the document has now."""
        def fits(message):
            params = message.get("params", {})
            return (message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == self.uri(name)
                    and params.get("version", self.versions.get(name)) == self.versions.get(name))
        return self.wait(fits, limit)["params"]["diagnostics"]

    def quiet(self, seconds, method="textDocument/publishDiagnostics"):
        """Whether no message of this kind comes for a while."""
        end = time.monotonic() + seconds
        while (message := self.read(end - time.monotonic())) is not None:
            self.kept.append(message)
        return not any(m.get("method") == method for m in self.kept)

    def at(self, name, line, character):
        return {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}

    def actions(self, name, line, character=0, to=200):
        return self.request("textDocument/codeAction", {
            "textDocument": {"uri": self.uri(name)}, "context": {"diagnostics": []},
            "range": {"start": {"line": line, "character": character}, "end": {"line": line, "character": to}}})

    def end(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(LIMIT)


def applied(text, edits):
    """The text after edits of the protocol; for texts without characters beyond ASCII."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    offset = lambda p: starts[p["line"]] + p["character"]
    for edit in sorted(edits, key=lambda e: offset(e["range"]["start"]), reverse=True):
        text = text[:offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]):]
    return text
