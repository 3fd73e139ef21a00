# Compares the main lines of two outputs: file, line, column and check must be the same.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import re
import sys

line = re.compile(r"^(.+):(\d+):(\d+): (?:warning|style): (.*) \[([\w-]+)\]$", re.M)


def findings(path):
    found = line.findall(open(path).read())
    return sorted((os.path.basename(f[0]), *f[1:]) for f in found)


first, second = findings(sys.argv[1]), findings(sys.argv[2])
assert first, "no findings in " + sys.argv[1]
assert first == second, f"{first}\n{second}"
