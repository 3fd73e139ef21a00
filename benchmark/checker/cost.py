#!/usr/bin/env python3
# Measures what the plugin adds to clang-tidy, file by file, and how many states were explored.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: cost.py [--rounds N] [--json FILE] BUILD FILES... -- FLAGS
       cost.py [--rounds N] [--json FILE] -p DATABASE BUILD FILES...

BUILD is a build folder of this project. Each file is judged by clang-tidy with one cheap check, with
the plugin's checks beside it, and by 'sluice check'; the runs take turns. Prints the processor time
of the best round, since what else a machine does only adds to it, and what the times make of each
other.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

TIDY = "clang-tidy-19"
CHEAP = "-*,misc-unused-alias-decls"
SCOPE = re.compile(r"^  judged from '(.*)', (\d+) states", re.M)


def seconds(command):
    """The processor time of a command, of user and system together, and what it prints."""
    with subprocess.Popen(command, text=True, errors="replace", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0:
        sys.exit(f"{' '.join(command)}: ended by signal {-process.returncode}")
    return usage.ru_utime + usage.ru_stime, printed


class File:
    """One file's commands and times."""

    def __init__(self, path, build, database, flags):
        hosts = build / "checker/hosts"
        given = ["-p", database, path] if database else [path]
        end = [] if database else ["--", *flags]
        plugin = f"-load={hosts / 'tidy_plugin/libsluice-tidy.so'}"
        sluice = [str(hosts / "standalone/sluice"), "check", "--no-fixes"]
        self.path = path
        self.commands = {
            "tidy": [TIDY, f"-checks={CHEAP}", "--quiet", *given, *end],
            "plugin": [TIDY, plugin, f"-checks={CHEAP},sluice-*", "--quiet", *given, *end],
            "sluice": [*sluice, "--quiet", *given, *end],
        }
        self.times = {name: [] for name in self.commands}
        _, account = seconds([*sluice, "--explain-verdict", *given, *end])
        self.states = sum(int(n) for _, n in set(SCOPE.findall(account)))

    def run(self):
        for name, command in self.commands.items():
            self.times[name].append(seconds(command)[0])

    def result(self):
        best = {name: min(times) for name, times in self.times.items()}
        return {"file": self.path, "states": self.states, **best,
                "added": best["plugin"] - best["tidy"], "ratio": best["plugin"] / best["tidy"]}


def show(results):
    print(f"{'tidy':>7} {'plugin':>7} {'added':>7} {'ratio':>6} {'sluice':>7} {'states':>7}  file")
    for r in sorted(results, key=lambda each: -each["ratio"]):
        print(f"{r['tidy']:7.2f} {r['plugin']:7.2f} {r['added']:7.2f} {r['ratio']:6.2f} "
              f"{r['sluice']:7.2f} {r['states']:7}  {r['file']}")
    ratios = [r["ratio"] for r in results]
    slower = sum(ratio > 1.1 for ratio in ratios)
    print(f"{len(results)} files, {len(results) - slower} at most 10 % slower; ratio: median {statistics.median(ratios):.2f}, worst {max(ratios):.2f}; "
          f"most added: {max(r['added'] for r in results):.2f} s")


def main():
    flags = []
    words = sys.argv[1:]
    if "--" in words:
        flags = words[words.index("--") + 1:]
        words = words[:words.index("--")]
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json")
    parser.add_argument("-p", dest="database")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("files", nargs="+")
    given = parser.parse_args(words)
    files = [File(path, given.build, given.database, flags) for path in given.files]
    for _ in range(given.rounds):
        for file in files:
            file.run()
    results = [file.result() for file in files]
    show(results)
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
