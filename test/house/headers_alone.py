# Compiles every public header alone, with every compiler that is promised.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import subprocess
import sys
import tempfile

import tree

FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]


def complaint(compiler, include, header):
    """The compiler's words about a file that includes only the header, twice; or nothing."""
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as source:
        source.write(f"#include <{header}>\n#include <{header}>\n")
        source.flush()
        done = subprocess.run([compiler, *FLAGS, f"-I{include}", source.name], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return "" if done.returncode == 0 else f"{header} with {compiler}:\n{done.stdout}"


def complaints(root, compilers):
    include = os.path.join(root, "runtime/include")
    headers = [os.path.relpath(os.path.join(root, path), include)
               for path in tree.files(root, ".hpp", under=("runtime/include",))]
    found = [] if headers else ["there are no public headers"]
    found += [complaint(compiler, include, header) for header in headers for compiler in compilers]
    return [one for one in found if one]


if __name__ == "__main__":
    tree.report(complaints(sys.argv[1], sys.argv[2:]))
