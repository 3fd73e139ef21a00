# What is to be said is set by .clang-tidy, by the editor, and by flags; a database need not be there.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import tempfile

from client import Server
from project import LEAK, Project, arguments

folder, root, command = arguments()
project = Project(folder, root)


def messages(server):
    return [m["params"]["message"] for m in server.kept if m.get("method") == "window/showMessage"]


def found(flags=(), **settings):
    server = Server([*command, *flags], project.folder, options=settings)
    server.open("leak.cpp")
    diagnostics = server.diagnostics("leak.cpp")
    said = messages(server)
    assert server.end() == 0
    return [d["code"] for d in diagnostics], said


assert found() == (["sluice-unreceived-send"], [])
assert found(checks="-*,deadlock") == ([], [])
assert found(flags=["--checks=-*,deadlock"]) == ([], [])
codes, said = found(cheks="-*", fixes="no")
assert codes == ["sluice-unreceived-send"] and len(said) == 2, said
assert "'cheks'" in said[0] and "'compilationDatabase', 'checks'" in said[0], said

# A mistake in .clang-tidy is told at its place, and a save that mends it counts.
project.write(".clang-tidy", "Checks: '-*,sluice-*'\nCheckOptions:\n  sluice-unreceived-send.Fixs: false\n")
server = Server(command, project.folder)
server.open("leak.cpp")
told = server.wait(lambda m: m.get("method") == "window/showMessage")["params"]["message"]
assert ".clang-tidy:3: " in told, told
project.write(".clang-tidy", "Checks: '-*,sluice-deadlock'\n")
server.notify("textDocument/didSave", {"textDocument": {"uri": server.uri("leak.cpp")}})
assert server.diagnostics("leak.cpp") == []
server.notify("workspace/didChangeConfiguration", {"settings": {"sluice": {"checks": "unreceived-send"}}})
assert len(server.diagnostics("leak.cpp")) == 1
assert server.end() == 0

# Without a database the compiler's defaults have to do, which is said once.
elsewhere = tempfile.TemporaryDirectory()  # above the test's own folder there is a database
project = Project(elsewhere.name, root, database=False)
project.write("plain.cpp", "#include <mutex>\nvoid twice() {\n  std::mutex m;\n  m.lock();\n  m.lock();\n}\n")
project.write("other.cpp", "int other;\n")
server = Server(command, project.folder)
for name, count in (("plain.cpp", 1), ("other.cpp", 0)):
    server.open(name)
    assert len(server.diagnostics(name)) == count, name
assert len(messages(server)) == 1 and "no compile_commands.json in" in messages(server)[0], messages(server)
assert server.end() == 0

# Work is shown by a client that can, once it agrees.
project = Project(folder, root)
server = Server(command, project.folder, capabilities={"window": {"workDoneProgress": True}})
server.open("leak.cpp")
created = server.wait(lambda m: m.get("method") == "window/workDoneProgress/create")
server.send({"id": created["id"], "result": None})
kinds = [server.wait(lambda m: m.get("method") == "$/progress")["params"]["value"]["kind"] for _ in range(2)]
assert kinds == ["begin", "end"], kinds
assert server.end() == 0
