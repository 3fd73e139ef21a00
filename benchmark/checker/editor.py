#!/usr/bin/env python3
# Measures how long after an edit diagnostics come from `sluice lsp` and from clangd: editor.py SLUICE [ROUNDS].
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Both serve the same file with standard headers, in turns, each edit typed into both. The first
# answer after opening the file, which compiles the headers, is told apart, each server alone.
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/checker/lsp"))
from client import Server
from project import LEAK, Project

TEXT = """#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
""" + LEAK + """
int count(const std::vector<std::string> &words) {
  std::map<std::string, int> seen;
  std::mutex m;
  std::vector<std::thread> workers;
  for (const std::string &word : words)
    workers.emplace_back([&] {
      std::lock_guard guard(m);
      ++seen[word];
    });
  for (std::thread &each : workers)
    each.join();
  return static_cast<int>(seen.size());
}
"""
PLACE = (TEXT[:TEXT.index("int count")].count("\n"), 0)  # where a line is typed


def timed(server, action):
    begin = time.monotonic()
    action()
    server.diagnostics("leak.cpp")
    return 1000 * (time.monotonic() - begin)


sluice, rounds = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 15
with tempfile.TemporaryDirectory() as folder:
    project = Project(folder, ROOT)
    project.write("leak.cpp", TEXT)
    commands = {"clangd": ["clangd-19", "--log=error", "--background-index=false"], "sluice": [sluice, "lsp"]}
    opened = {name: [] for name in commands}
    for _ in range(3):
        for name, command in commands.items():
            alone = Server(command, project.folder)
            opened[name].append(timed(alone, lambda: alone.open("leak.cpp")))
            alone.process.kill()
            alone.process.wait()
    servers = {name: Server(command, project.folder) for name, command in commands.items()}
    for server in servers.values():
        server.open("leak.cpp")
        server.diagnostics("leak.cpp")
    edits = {name: [] for name in servers}
    for number in range(rounds + 3):
        for name, server in servers.items():
            time.sleep(0.3)
            line = f"int typed{number};\n"
            edits[name].append(timed(server, lambda s=server: s.change("leak.cpp", (line, PLACE, PLACE))))
    for server in servers.values():
        server.end()

# clangd's first answers after opening come while it still indexes.
medians = {name: statistics.median(times[3:]) for name, times in edits.items()}
ratios = [mine / theirs for mine, theirs in zip(edits["sluice"][3:], edits["clangd"][3:])]
print("opened, median of 3: " + ", ".join(f"{name} {statistics.median(times):.0f} ms" for name, times in opened.items()))
print(f"edit, median of {rounds}: clangd {medians['clangd']:.0f} ms, sluice {medians['sluice']:.0f} ms; "
      f"median ratio {statistics.median(ratios):.2f}")
