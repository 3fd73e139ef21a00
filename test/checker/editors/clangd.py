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


def settles_at(expected):
    """clangd may tell of a text again, and of the one before late."""
    told = []
    while not told or told[-1] != expected:
        try:
            told.append(found("leak.cpp"))
        except AssertionError as none:
            raise AssertionError(f"{expected} is not told, but {told}") from none


unused, leak = ("Unused variable 'unused'",
                "Send on 'results' blocks for ever if 'first' stops waiting first [sluice-unreceived-send]")
server.open("leak.cpp")
settles_at([leak, unused])
server.change("leak.cpp", text.replace("results;", "results(1);"))
settles_at([unused])
server.change("leak.cpp", text.replace("(1); });", "(1); }); // NOLINT" "(sluice-unreceived-send)"))
settles_at([unused])
server.change("leak.cpp", text.replace("  int unused;\n", ""))
settles_at([leak])
server.end()
