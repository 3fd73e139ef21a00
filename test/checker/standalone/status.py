# Runs a command and succeeds if it ends with the status that the first argument names.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import subprocess
import sys

expected, command = int(sys.argv[1]), sys.argv[2:]
actual = subprocess.run(command).returncode
if actual != expected:
    sys.exit(f"expected status {expected}, got {actual}: {' '.join(command)}")
