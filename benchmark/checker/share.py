#!/usr/bin/env python3
# Measures what part of a clang-tidy run the plugin takes, by sampling: noise hits both parts alike.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: share.py -p DATABASE BUILD FILES...

BUILD is a build folder of this project, FILES are in the compilation database. Each is judged once by
clang-tidy with one cheap check and the plugin's checks, under 'perf record' (package linux-perf).
Prints what the plugin adds to the rest of the run, in percent, the dearest first.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CHECKS = "-checks=-*,misc-unused-alias-decls,sluice-*"
CHILDREN = re.compile(r"^\s*([\d.]+)%.*TidyCheck::check\b", re.M)


def added(plugin, database, path):
    """Percent of the rest of the run; nothing where the file is not judged, as it does not compile."""
    with tempfile.NamedTemporaryFile() as samples:
        subprocess.run(["perf", "record", "-q", "-o", samples.name, "-F", "499", "--call-graph",
                        "dwarf,32000", "clang-tidy-19", f"-load={plugin}", CHECKS, "--quiet", "-p",
                        database, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=False)
        report = subprocess.run(["perf", "report", "--no-inline", "-i", samples.name, "--children",
                                 "--sort", "symbol", "-g", "none"], text=True, errors="replace",
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    share = CHILDREN.search(report.stdout)
    return 100 * float(share[1]) / (100 - float(share[1])) if share else None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("-p", dest="database", required=True)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("files", nargs="+")
    given = parser.parse_args()
    if not shutil.which("perf"):
        sys.exit("there is no 'perf'; install linux-perf")
    plugin = given.build / "checker/hosts/tidy_plugin/libsluice-tidy.so"
    results = {path: added(plugin, given.database, path) for path in given.files}
    for path, percent in sorted(results.items(), key=lambda each: -(each[1] or 0)):
        print(f"{percent:5.1f} %  {path}" if percent is not None else f"not judged  {path}")


if __name__ == "__main__":
    main()
