# Repairs that are proved, comments that silence, the check's page, and what was started where.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
from client import Server, applied
from project import LEAK, Project, arguments

folder, root, command = arguments()
project = Project(folder, root)
server = Server(command, project.folder)
server.open("leak.cpp")
assert len(server.diagnostics("leak.cpp")) == 1

fix, silence = server.actions("leak.cpp", 3)
assert fix["kind"] == "quickfix" and fix["isPreferred"] and "proved" in fix["title"], fix
assert fix["diagnostics"][0]["code"] == "sluice-unreceived-send", fix
assert server.actions("leak.cpp", 6) == []
# The cursor is elsewhere on the line, whose diagnostics are named.
start = {"line": 3, "character": 0}
named = server.request("textDocument/codeAction", {
    "textDocument": {"uri": server.uri("leak.cpp")}, "range": {"start": start, "end": start},
    "context": {"diagnostics": fix["diagnostics"]}})
assert [action["title"] for action in named] == [fix["title"], silence["title"]], named

for action, lines in ((fix, 0), (silence, 1)):
    edits = action["edit"]["changes"][server.uri("leak.cpp")]
    text = applied(LEAK, edits)
    assert text.count("\n") == LEAK.count("\n") + lines, text
    server.change("leak.cpp", text)
    assert server.diagnostics("leak.cpp") == [], text
assert "NOLINTNEXTLINE" "(sluice-unreceived-send): " in text

server.change("leak.cpp", LEAK)
assert len(server.diagnostics("leak.cpp")) == 1
page = server.request("textDocument/hover", server.at("leak.cpp", 3, 28))
assert page["contents"]["kind"] == "markdown" and "# unreceived-send" in page["contents"]["value"], page
assert server.request("textDocument/hover", server.at("leak.cpp", 0, 0)) is None
[lens] = server.request("textDocument/codeLens", {"textDocument": {"uri": server.uri("leak.cpp")}})
assert lens["command"]["title"] == "started here: 1 task, 1 never finishes", lens
assert lens["range"]["start"]["line"] == 3, lens

# An answer that waits for repairs comes when the text changes meanwhile.
server.change("leak.cpp", LEAK + "\n")
server.diagnostics("leak.cpp")
number = server.ask("textDocument/codeAction", {
    "textDocument": {"uri": server.uri("leak.cpp")}, "context": {"diagnostics": []},
    "range": {"start": {"line": 3, "character": 0}, "end": {"line": 3, "character": 90}}})
server.change("leak.cpp", LEAK)
assert isinstance(server.response(number, 5), list)
assert server.end() == 0
