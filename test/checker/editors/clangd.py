# clangd with the plugin says what Sluice finds among what it finds itself, on buffers that are not saved.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lsp"))
from client import Server

folder, command = sys.argv[1], sys.argv[2:]
text = (pathlib.Path(folder) / "leak.cpp").read_text()
server = Server([*command, "--log=error"], folder)


def found(name):
    """The first lines of those that are no steps of another."""
    all = [d["message"].split("\n")[0] for d in server.diagnostics(name) if d["severity"] < 3]
    return sorted(each for each in all if not each[:1].isdigit())


unused, leak = ("Unused variable 'unused'",
                "Send on 'results' blocks for ever if 'first' stops waiting first [sluice-unreceived-send]")
server.open("leak.cpp")
assert found("leak.cpp") == [leak, unused]
server.change("leak.cpp", text.replace("results;", "results(1);"))
assert found("leak.cpp") == [unused]
server.change("leak.cpp", text.replace("(1); });", "(1); }); // NOLINT" "(sluice-unreceived-send)"))
assert found("leak.cpp") == [unused]
server.change("leak.cpp", text.replace("  int unused;\n", ""))
assert found("leak.cpp") == [leak]
server.end()
