#!/usr/bin/env python3
# Counts the instructions of an operation of the runtime, and fails when they have become more.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: instructions.py [--check | --update] [PROGRAM]

Runs each workload of PROGRAM (build/dev/benchmark/runtime/sluice-instructions) under callgrind, once with N and once
with 2N operations, on one scheduler thread, and prints the difference by N. --check compares that with what
instructions.json holds for such a build, and exits with 1 when a workload takes over 10 % more, or with 77 when there
is nothing to compare; --update writes it there.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = ROOT / "build/dev/benchmark/runtime/sluice-instructions"
FIGURES = HERE / "instructions.json"
WORKLOADS = ["W1", "W3", "W4", "W6"]
OPERATIONS = 20_000
SLACK = 0.10
SECONDS = 120
SKIPPED = 77
# What looks for leaks stops all threads in a signal handler at exit, which callgrind does not survive.
OPTIONS = "procs=1:detect_leaks=0"


def run(command):
    environment = dict(os.environ, SLUICE_OPTIONS=OPTIONS)
    environment.pop("VALGRIND_OPTS", None)
    done = subprocess.run(command, env=environment, text=True, timeout=SECONDS, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"'{' '.join(map(str, command))}': exit status {done.returncode}\n{done.stderr}")
    return done.stdout


def count(program, workload, operations):
    """Instructions of a whole run, all threads together."""
    with tempfile.TemporaryDirectory() as folder:
        profile = pathlib.Path(folder, "profile")
        run(["valgrind", "--tool=callgrind", "--separate-threads=no",
             f"--callgrind-out-file={profile}", program, workload, str(operations)])
        return int(re.search(r"^totals: (\d+)", profile.read_text(encoding="utf-8"), re.M).group(1))


def measure(program):
    """{workload: instructions of an operation}; what a run takes once is in both counts."""
    return {workload: round((count(program, workload, 2 * OPERATIONS) -
                             count(program, workload, OPERATIONS)) / OPERATIONS, 1)
            for workload in WORKLOADS}


def verdict(workload, now, then):
    """(whether it fails, what to say) of one workload; `then` may be nothing."""
    if then is None:
        return True, f"{workload}: {now} instructions an operation, none recorded"
    more = now / then - 1
    said = f"{workload}: {now} instructions an operation, {then} recorded ({more:+.1%})"
    if more > SLACK:
        return True, f"{said}: more than {SLACK:.0%} above"
    return False, f"{said}: lower the record" if more < -SLACK else said


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def shown(path):
    path = path.resolve()
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def check(now, then, program):
    fails, said = zip(*(verdict(workload, figure, then.get(workload))
                        for workload, figure in now.items()))
    print("\n".join(said))
    remedy = f"'{shown(pathlib.Path(__file__))} --update {shown(program)}'"
    if any(fails):
        print(f"find out why; if it is meant, record it with {remedy}")
    elif any(said_of.endswith("lower the record") for said_of in said):
        print(f"record it with {remedy}")
    sys.exit(any(fails))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true")
    action.add_argument("--update", action="store_true")
    parser.add_argument("program", nargs="?", type=pathlib.Path, default=PROGRAM)
    given = parser.parse_args()
    if not given.program.exists():
        parser.error(f"no program '{given.program}'; build the target 'sluice-instructions'")
    if not shutil.which("valgrind"):
        skip("valgrind is not installed")
    build, compiler = run([given.program, "--build"]).splitlines()
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    if given.check and build not in figures:
        skip(f"{FIGURES.name} has nothing for '{build}', only for {', '.join(figures)}")
    now = measure(given.program)
    if given.check:
        check(now, figures[build]["instructions"], given.program)
    print(f"{build}: {now}")
    if given.update:
        figures[build] = {"compiler": compiler, "instructions": now}
        FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
