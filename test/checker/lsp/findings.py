# Findings come while typing, on buffers that are not saved, and go when they are repaired.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
from client import Server
from project import CLEAN, HEADER, LEAK, Project, arguments

folder, root, command = arguments()
project = Project(folder, root)
server = Server(command, project.folder)

# What is said has the name, the place and the path that 'sluice check' gives.
server.open("leak.cpp")
[found] = server.diagnostics("leak.cpp")
assert found["code"] == "sluice-unreceived-send" and found["source"] == "sluice", found
assert found["severity"] == 2 and "send on 'results' blocks for ever" in found["message"], found
assert found["range"] == {"start": {"line": 3, "character": 25}, "end": {"line": 3, "character": 32}}, found
steps = found["relatedInformation"]
assert steps[0]["message"].startswith("1. 'results' is made") and len(steps) == 5, steps
assert steps[0]["location"]["uri"] == server.uri("leak.cpp"), steps
assert steps[0]["location"]["range"]["start"] == {"line": 2, "character": 20}, steps

# An edit of a few characters, then one that takes it back; nothing is on the disk.
server.change("leak.cpp", ("(1)", (2, 27), (2, 27)))
assert server.diagnostics("leak.cpp") == []
server.change("leak.cpp", ("", (2, 27), (2, 30)))
assert len(server.diagnostics("leak.cpp")) == 1

# Characters count as UTF-16 does, and lines may end as they do elsewhere.
server.change("leak.cpp", LEAK.replace("{ results.send", "{ /* 𝄞ö */ results.send").replace("\n", "\r\n"))
[found] = server.diagnostics("leak.cpp")
assert found["range"]["start"] == {"line": 3, "character": 25 + len("/* 𝄞ö */ ") + 1}, found

# Many edits in a row are one.
for number in range(20):
    server.change("leak.cpp", LEAK + "// typed " + "x" * number)
assert len(server.diagnostics("leak.cpp")) == 1
versions = [m["params"].get("version") for m in server.kept if m.get("method") == "textDocument/publishDiagnostics"]
assert len(versions) < 5, versions

# While it does not compile, what was known stays: the compiler's errors are another server's.
server.change("leak.cpp", LEAK.replace("return 0;", "return 0"))
assert server.quiet(1.5)
server.change("leak.cpp", CLEAN)
assert server.diagnostics("leak.cpp") == []

# NOLINT counts in the buffer.
server.change("leak.cpp", LEAK.replace("1); });", "1); }); // NOLINT" "(sluice-unreceived-send)"))
assert server.diagnostics("leak.cpp") == []

# A header that is open is read from its buffer, and what stands in it is said there.
server.open("queue.hpp", HEADER + LEAK.split("\n", 1)[1].replace("int first", "inline int second"))
assert any("results" in d["message"] for d in server.diagnostics("queue.hpp"))
server.change("leak.cpp", '#include "queue.hpp"\nint use() { return second(false); }\n')
assert server.diagnostics("leak.cpp") == []

# What is closed is silent.
server.notify("textDocument/didClose", {"textDocument": {"uri": server.uri("leak.cpp")}})
server.notify("textDocument/didClose", {"textDocument": {"uri": server.uri("queue.hpp")}})
assert server.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics"
                   and m["params"]["uri"] == server.uri("queue.hpp")
                   and not m["params"]["diagnostics"])
assert server.end() == 0
