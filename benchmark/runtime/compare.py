#!/usr/bin/env python3
# Measures the runtime beside Go and Boost.Fiber on the same workloads, in turn, and prints medians and ratios to Go.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: compare.py [--rounds N] [--only WORKLOADS] [--json FILE]

Builds all three into build/benchmark (packages: libbenchmark-dev, golang-go, libboost-fiber1.81-dev), runs each
workload of each in a process of its own, in turn, N times (5) with one and with two scheduler threads, and prints
the medians. A ratio below 1 is faster, or smaller, than Go. WORKLOADS are separated by commas: W1-batch,W3.
At the end stands what including the runtime costs a compilation; see include_cost.py.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

import include_cost

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build/benchmark"
WORKLOADS = ["W1-flood", "W1-batch", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10",
             "W10-queue"]
OF_SLUICE_ALONE = {"W10-queue"}  # what two threads can do at best
SYSTEMS = ["sluice", "fiber", "go"]
SECONDS = 300
# Wanted ratios to Go with one and with two threads.
TARGETS = {
    "W1-flood ns": (0.45, 0.6), "W1-batch ns": (0.15, 0.3), "W2 cold spawn ns": (1.0, 1.25),
    "W2 warm spawn ns": (0.25, 0.3), "W2 wake ns": (0.85, 0.9), "W2 bytes": (1.55, 1.55),
    "W3 ns": (0.2, 0.2), "W4 ns": (0.5, 0.5), "W5 ns": (0.5, 0.3), "W6 ns": (0.3, 0.7),
    "W7 ms": (0.25, 0.3), "W8 ns": (0.7, 0.4), "W9 late ms": (1.0, 1.0), "W9 cpu us": (1.0, 1.0),
}


def build():
    """Builds the programs; a system whose tools are absent is left out, and named."""
    configure = ["cmake", "-S", ROOT, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                 "-DCMAKE_C_COMPILER=clang-19", "-DCMAKE_CXX_COMPILER=clang++-19",
                 "-DSLUICE_CHECKER=OFF", "-DSLUICE_TESTS=OFF", "-DSLUICE_EXAMPLES=OFF",
                 "-DSLUICE_BENCHMARK=ON"]
    for command in (configure, ["cmake", "--build", BUILD]):
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False)
        if done.returncode:
            sys.exit(done.stdout)
    present = ["sluice"]
    if (BUILD / "benchmark/runtime/fiber-benchmark").exists():
        present.append("fiber")
    else:
        print("without Boost.Fiber: install libboost-fiber1.81-dev", file=sys.stderr)
    if shutil.which("go"):
        subprocess.run(["go", "build", "-o", BUILD / "go-benchmark", "main.go"], check=True,
                       cwd=ROOT / "benchmark/runtime/go", env=dict(os.environ, GO111MODULE="off"))
        present.append("go")
    else:
        print("without Go, so without ratios: install golang-go", file=sys.stderr)
    return present


def measure(system, workload, threads):
    """{metric: value} of one run; nothing where the system has not what the workload needs."""
    if system != "sluice" and workload in OF_SLUICE_ALONE:
        return {}
    environment = dict(os.environ, GOMAXPROCS=str(threads), FIBER_THREADS=str(threads),
                       SLUICE_OPTIONS=f"procs={threads}")
    if system == "go":
        command = [BUILD / "go-benchmark", workload]
    else:
        command = [BUILD / f"benchmark/runtime/{system}-benchmark", "--benchmark_format=json",
                   f"--benchmark_filter=^{workload}/"]
    done = subprocess.run(command, env=environment, text=True, timeout=SECONDS, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{system} {workload}: exit status {done.returncode}\n{done.stderr}")
    if not done.stdout.startswith("{"):
        return {}
    result = json.loads(done.stdout)
    if system != "go":
        known = {"real_time", "cpu_time", "iterations", "repetitions", "threads", "family_index",
                 "per_family_instance_index", "repetition_index"}
        result = {key: value for run in result["benchmarks"] for key, value in run.items()
                  if isinstance(value, (int, float)) and key not in known}
    return {f"{workload} {counter}": value for counter, value in result.items()}


def run_all(systems, workloads, rounds):
    """{(metric, threads): {system: [values]}}"""
    values = {}
    for number in range(rounds):
        for workload in workloads:
            print(f"\rround {number + 1} of {rounds}: {workload}    ", end="", file=sys.stderr)
            for threads in (1, 2):
                for system in systems:
                    for metric, value in measure(system, workload, threads).items():
                        values.setdefault((metric, threads), {}).setdefault(system, []).append(value)
    print("\r", end="", file=sys.stderr)
    return values


def inclusion(rounds):
    """Seconds of compiling nothing but the runtime's header, and nothing at all."""
    values = include_cost.measure([include_cost.EVERYTHING], rounds)
    of = include_cost.medians(values)
    named = {"sluice": include_cost.EVERYTHING, "empty file": include_cost.EMPTY}
    return {"metric": "include s", "threads": 1,
            "medians": {name: of[header] for name, header in named.items()},
            "runs": {name: values[header][str(include_cost.INCLUDE)]
                     for name, header in named.items()}}


def shown(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(medians):
    """Lines of the table, a metric a line."""
    yield (f"{'':18}{'threads':>8}{'Go':>9}{'Sluice':>9}{'ratio':>7}{'target':>8}"
           f"{'Fiber':>9}{'ratio':>7}")
    for (metric, threads), of in medians.items():
        go = of.get("go")
        ratio = {system: f"{of[system] / go:.2f}" if go and system in of else ""
                 for system in SYSTEMS}
        cell = {system: shown(of[system]) if system in of else "" for system in SYSTEMS}
        target = TARGETS[metric][threads - 1] if metric in TARGETS else ""
        yield (f"{metric:18}{threads:>8}{cell['go']:>9}{cell['sluice']:>9}{ratio['sluice']:>7}"
               f"{target:>8}{cell['fiber']:>9}{ratio['fiber']:>7}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", type=lambda text: text.split(","), default=WORKLOADS)
    parser.add_argument("--json", type=pathlib.Path, default=BUILD / "results.json")
    given = parser.parse_args()
    if unknown := set(given.only) - set(WORKLOADS):
        parser.error(f"no such workload: {', '.join(sorted(unknown))}; there are "
                     f"{', '.join(WORKLOADS)}")
    systems = build()
    values = run_all(systems, given.only, given.rounds)
    medians = {key: {system: statistics.median(runs) for system, runs in of.items()}
               for key, of in values.items()}
    if "go" in systems:
        print(subprocess.run(["go", "version"], text=True, capture_output=True,
                             check=True).stdout.strip())
    print("\n".join(table(medians)))
    include = inclusion(given.rounds)
    print(f"#include <{include_cost.EVERYTHING}>: {include['medians']['sluice']:.2f} s of processor "
          f"time; an empty file: {include['medians']['empty file']:.2f} s")
    given.json.write_text(json.dumps(
        [{"metric": metric, "threads": threads, "medians": of, "runs": values[metric, threads]}
         for (metric, threads), of in medians.items()] + [include], indent=1) + "\n",
        encoding="utf-8")
    print(f"written to {given.json}")


if __name__ == "__main__":
    main()
