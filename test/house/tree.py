# What the house tests share: the project's files, and how a test reports.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import sys

FOLDERS = ("bazel", "benchmark", "checker", "cmake", "docs", "examples", "runtime", "test", "tools")
CXX = (".h", ".hpp", ".cpp", ".cc", ".S")


def files(root, *suffixes, under=FOLDERS):
    """Paths relative to root of all files with one of the suffixes, sorted."""
    found = []
    for folder in under:
        for place, folders, names in os.walk(os.path.join(root, folder)):
            folders[:] = [f for f in folders if f not in ("build", "node_modules", "__pycache__", "Inputs")]
            found += [os.path.relpath(os.path.join(place, n), root)
                      for n in names if n.endswith(suffixes)]
    return sorted(found)


def lines(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()


def report(complaints):
    """Prints the complaints and ends the test."""
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
