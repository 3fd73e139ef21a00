#!/usr/bin/env python3
# Measures what checking a whole program costs beside parsing it, at first and after a change.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: whole.py [--rounds N] [--version N] -p DATABASE BUILD

BUILD is a build folder of this project. In each round, in turn: clang, or clang++ where the database has
a compiler of C++, runs each command of the database as far as it parses ('-fsyntax-only'), one after the
other; 'sluice check -j1' judges them with nothing kept; the same again with all kept; and once more after
one line of code was added to one file, which is then put back. Prints the processor time of the best
round, the largest resident size of any process, and what the times make of each other.
"""
import argparse
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile


def measure(command, directory=None):
    """Processor time of a command and its children, the largest of their resident sizes (MB), and the
    exit status."""
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0:
        sys.exit(f"{shlex.join(map(str, command))}: ended by signal {-process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def parsing(entry, version):
    """The command that parses one entry's file."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    compiler = "clang++" if "++" in pathlib.Path(words[0]).name else "clang"
    kept, skip = [], False
    for word in words[1:]:
        if skip or word == "-c":
            skip = False
        elif word == "-o":
            skip = True
        else:
            kept.append(word)
    return [f"{compiler}-{version}", "-fsyntax-only", "-w", *kept]


def parse_all(entries, version):
    """The time, the size, and how many files the compiler refuses."""
    results = [measure(parsing(entry, version), entry["directory"]) for entry in entries]
    times, sizes, statuses = zip(*results)
    return sum(times), max(sizes), sum(status != 0 for status in statuses)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--version", default="19")
    parser.add_argument("-p", dest="database", type=pathlib.Path, required=True)
    parser.add_argument("build", type=pathlib.Path)
    given = parser.parse_args()
    database = json.loads((given.database / "compile_commands.json").read_text())
    # A file that is compiled in several ways is judged, and so parsed, in each of them.
    entries = list({json.dumps(entry, sort_keys=True): entry for entry in database}.values())
    changed = pathlib.Path(entries[-1]["directory"], entries[-1]["file"])
    times, sizes = {}, {}
    with tempfile.TemporaryDirectory() as cache:
        sluice = [str(given.build / "checker/hosts/standalone/sluice"), "check", "-j1", "--quiet",
                  "--no-fixes", "--cache", cache, "-p", str(given.database)]

        def run(name, result):
            """Keeps the best, and returns what the last of the result is."""
            times[name] = min(result[0], times.get(name, result[0]))
            sizes[name] = max(result[1], sizes.get(name, 0))
            return result[2]

        for _ in range(given.rounds):
            shutil.rmtree(cache)
            refused = run("parse", parse_all(entries, given.version))
            run("check", measure(sluice))
            run("again", measure(sluice))
            before = changed.read_bytes()
            try:
                changed.write_bytes(before + b"\nint sluice_benchmark_was_here;\n")
                run("one changed", measure(sluice))
            finally:
                changed.write_bytes(before)
    print(f"{len(entries)} commands, {refused} of them refused by the compiler")
    for name, time in times.items():
        print(f"{name:>12} {time:8.2f} s {time / times['parse']:6.2f} of parsing {sizes[name]:6.0f} MB")


if __name__ == "__main__":
    main()
