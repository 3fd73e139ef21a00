# Holds every folder to what its row of ARCHITECTURE.md's layout lets it include.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import re
import sys

import tree

LLVM, CLANG = "llvm", "clang"
# folder -> (folders of its half, outside libraries) it may include, besides itself and std
CHECKER = {
    "skeleton": ((), (LLVM,)),
    "models": ((), (LLVM,)),
    "frontend": (("skeleton", "models"), (LLVM, CLANG)),
    "analysis": (("skeleton",), (LLVM,)),
    "findings": (("skeleton/Span.h",), (LLVM,)),
    "checks": (("skeleton", "models", "frontend", "analysis", "findings"), (LLVM, CLANG)),
    "hosts": (("checks", "findings"), (LLVM, CLANG)),
}
RUNTIME = {
    "include": (("sluice",), ()),
    "core": (("sluice",), ("any",)),
    "sync": (("sluice", "core"), ("any",)),
    "memory": (("sluice", "core"), ("any",)),
    "observe": (("sluice", "core", "memory", "report"), ("any",)),
    "report": (("sluice",), ("any",)),
    "explore": (("sluice", "core"), ("any",)),
    "start": (("sluice", "core", "sync", "memory", "observe", "report", "explore"), ("any",)),
}
HALVES = {"checker": CHECKER, "runtime": RUNTIME}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
# Public headers are std only, save for the adaptors to what their name says.
ADAPTORS = {"runtime/include/sluice/testing/gtest.hpp": ("gtest",),
            "runtime/include/sluice/asio.hpp": ("asio", "boost")}
# Parts of standard headers, each behind a test for the library that has it.
ADAPTORS |= {f"runtime/include/sluice/standard/{header}.hpp": ("bits",)
             for header in ("chrono", "functional", "memory")}


def may_include(half, folder, quoted, target):
    inside, outside = HALVES[half][folder]
    first = target.split("/")[0]
    if quoted and target.endswith(".inc"):
        return True  # made by the build from the folder's own data
    if first.split("-")[0] in (LLVM, CLANG):
        return first.split("-")[0] in outside
    if not quoted and ("/" not in target or first == "sys"):
        return True  # the standard library's
    if first == folder or any(target == row or target.startswith(row + "/") for row in inside):
        return True
    return not quoted and first not in HALVES[half] and (first == "sluice" or "any" in outside)


def complaints(root):
    found = []
    for path in tree.files(root, *tree.CXX, under=HALVES):
        half, folder = path.split("/")[:2]
        if folder not in HALVES[half]:
            found.append(f"{path}: '{folder}' is not a folder of {half}/")
            continue
        for number, line in enumerate(tree.lines(root, path), 1):
            match = INCLUDE.match(line)
            if not match or match.group(2).split("/")[0] in ADAPTORS.get(path, ()):
                continue
            if not may_include(half, folder, match.group(1) == '"', match.group(2)):
                found.append(f"{path}:{number}: {half}/{folder} may not include '{match.group(2)}'")
    return found


if __name__ == "__main__":
    tree.report(complaints(sys.argv[1]))
