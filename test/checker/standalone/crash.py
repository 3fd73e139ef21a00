# Runs a command of which some process comes to read a pipe that nobody writes, and ends that one with SIGSEGV.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: crash.py PIPE COMMAND..."""
import os
import pathlib
import signal
import subprocess
import sys
import time

pipe, command = sys.argv[1], sys.argv[2:]
running = subprocess.Popen(command)
deadline = time.monotonic() + 60
reader = None
while reader is None and time.monotonic() < deadline:
    # Opening for writing succeeds once there is a reader, which is then blocked until this end closes.
    try:
        end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        time.sleep(0.01)
        continue
    children = pathlib.Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    reader = int(children[0])
    os.kill(reader, signal.SIGSEGV)
    os.close(end)
sys.exit(running.wait() if reader else "nobody read the pipe")
