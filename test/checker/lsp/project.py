# Lays out a small project for a test of the language server: two sources, a header, and a database.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import pathlib
import shutil
import sys

LEAK = """#include "queue.hpp"
int first(bool hurry) {
  sluice::chan<int> results;
  sluice::go([results] { results.send(1); });
  if (hurry)
    return 0;
  return results.recv().value_or(0);
}
"""
CLEAN = LEAK.replace("results;", "results(1);")
HEADER = """#pragma once
#include <sluice/chan.hpp>
#include <sluice/task.hpp>
"""


class Project:
    def __init__(self, folder, root, database=True):
        self.folder = pathlib.Path(folder).resolve()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.flags = ["-std=c++20", f"-I{root}/runtime/include"]
        self.write("leak.cpp", LEAK)
        self.write("queue.hpp", HEADER)
        if database:
            self.database("leak.cpp")

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def database(self, *names):
        self.write("compile_commands.json", json.dumps([
            {"directory": str(self.folder), "file": name, "arguments": ["clang++", *self.flags, "-c", name]}
            for name in names]))


def arguments():
    """FOLDER ROOT SERVER... of the command line."""
    return sys.argv[1], sys.argv[2], sys.argv[3:]
