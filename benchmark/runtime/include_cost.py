#!/usr/bin/env python3
# Measures what including each public header of the runtime costs a compilation.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: include_cost.py [--rounds N] [--compiler CXX] [--include FOLDER] [--json FILE] [HEADER...]

Checks the syntax of an empty file and of files that include one header each, in turn, N times (5), and prints the
medians in seconds of processor time: of all public headers, or of those named, which may be the standard library's.
--include measures the headers of another tree beside these, in turn with them, and prints the ratio to it.
"""
import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

INCLUDE = pathlib.Path(__file__).resolve().parent.parent.parent / "runtime/include"
EVERYTHING = "sluice/sluice.hpp"
COMPILER = "clang++-19"
EMPTY = ""


def public_headers(include=INCLUDE):
    """All that a program may include, the one that is everything first; adaptors to other libraries left out."""
    found = sorted(str(path.relative_to(include)) for path in include.glob("sluice/*.hpp"))
    return sorted(found, key=lambda header: header != EVERYTHING)  # sorting is stable


def seconds(compiler, include, header):
    """Processor time of one compilation."""
    text = f"#include <{header}>\n" if header else "\n"
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as source:
        source.write(text)
        source.flush()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", f"-I{include}", source.name],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{header} with {compiler}:\n{done.stdout}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(headers, rounds, compiler=COMPILER, include=INCLUDE, other=None):
    """{header: {folder: [seconds]}}, with the empty file under the empty name."""
    folders = [include] + ([other] if other else [])
    values = {}
    for _ in range(rounds):
        for header in [EMPTY, *headers]:
            for folder in folders:
                values.setdefault(header, {}).setdefault(str(folder), []).append(
                    seconds(compiler, folder, header))
    return values


def medians(values, folder=INCLUDE):
    """{header: seconds} of one folder."""
    return {header: statistics.median(of[str(folder)]) for header, of in values.items()}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--compiler", default=COMPILER)
    parser.add_argument("--include", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("headers", nargs="*")
    given = parser.parse_args()
    values = measure(given.headers or public_headers(), given.rounds, given.compiler, INCLUDE,
                     given.include)
    here = medians(values)
    there = medians(values, given.include) if given.include else {}
    for header, value in here.items():
        ratio = f"{there[header]:8.3f}{value / there[header]:7.2f}" if there else ""
        print(f"{header or 'an empty file':34}{value:8.3f}{ratio}")
    if given.json:
        given.json.write_text(json.dumps(
            [{"header": header, "median": value, "runs": values[header][str(INCLUDE)]}
             for header, value in here.items()], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
