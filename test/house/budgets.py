# Holds files to 500 lines and functions to 70; budgets.ratchet lists what may exceed them for now.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import statistics
import sys

import functions
import tree

FILE_LINES, FUNCTION_LINES, MEDIAN_LINES = 500, 70, 10
RATCHET = "test/house/budgets.ratchet"


def measure(root):
    """Sizes over budget by name, and the lengths of all functions of each half."""
    over, lengths = {}, {"checker": [], "runtime": []}
    for path in tree.files(root, *tree.CXX, ".py", ".cmake", ".txt"):
        text = tree.lines(root, path)
        if len(text) > FILE_LINES:
            over[path] = len(text)
        if not path.endswith(tree.CXX):
            continue
        for function in functions.functions("\n".join(text)):
            if path.split("/")[0] in lengths:
                lengths[path.split("/")[0]].append(function.length)
            if function.length > FUNCTION_LINES:
                over[f"{path}:{function.name}"] = function.length
    return over, lengths


def allowed(root):
    if not os.path.exists(os.path.join(root, RATCHET)):
        return {}
    entries = (line.rsplit(" ", 1) for line in tree.lines(root, RATCHET)
               if line and not line.startswith("#"))
    return {name: int(size) for name, size in entries}


def complaints(root):
    over, lengths = measure(root)
    limits = allowed(root)
    found = []
    for name, size in over.items():
        if size > limits.get(name, 0):
            found.append(f"{name}: {size} lines; a file has at most {FILE_LINES}, "
                         f"a function {FUNCTION_LINES}")
    for name, size in limits.items():
        if over.get(name, 0) < size:
            found.append(f"{RATCHET}: '{name}' now has {over.get(name, 'few enough')} lines; "
                         "lower or remove its entry")
    for half, all_lengths in lengths.items():
        if all_lengths and statistics.median(all_lengths) > MEDIAN_LINES:
            found.append(f"{half}: the median function has {statistics.median(all_lengths)} lines; "
                         f"at most {MEDIAN_LINES}")
    return found


if __name__ == "__main__":
    tree.report(complaints(sys.argv[1]))
