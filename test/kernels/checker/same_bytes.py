# Checks that the checker says the same, byte for byte, each time it looks at the kernels.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: same_bytes.py SLUICE KERNELS FLAGS...

Skeletons and findings of the kernels in KERNELS and of every third below it, twice: with one file at a time and with two, and
with environments of different sizes, so that addresses differ even where the system does not
randomize them.
"""
import difflib
import os
import pathlib
import subprocess
import sys

SECONDS = 280


def run(command, padding):
    environment = dict(os.environ, SLUICE_TEST_PADDING="x" * padding)
    done = subprocess.run(command, env=environment, timeout=SECONDS,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1):
        sys.exit(f"exit status {done.returncode}: {done.stderr.decode(errors='replace')}")
    if not done.stdout:
        sys.exit(f"no output: {command[:3]}")
    return done.stdout.decode(errors="replace").splitlines()


def differences(sluice, mode, files, flags):
    def command(jobs):
        return [sluice, "check", *mode, "-j", str(jobs), *files, "--", *flags]
    return list(difflib.unified_diff(run(command(1), 0), run(command(2), 5000),
                                     "first", "second", lineterm=""))


def main():
    sluice, folder, *flags = sys.argv[1:]
    kernels = pathlib.Path(folder)
    below = [path for path in kernels.rglob("*.cpp") if path.parent != kernels]
    files = sorted(map(str, kernels.glob("*.cpp"))) + sorted(map(str, below))[::3]
    failed = False
    for mode in (["--dump-skeleton"], ["--quiet"]):
        lines = differences(sluice, mode, files, flags)
        failed |= bool(lines)
        print("\n".join(lines[:200]))
    sys.exit(failed)


if __name__ == "__main__":
    main()
