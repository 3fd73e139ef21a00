# Programs that are compiled against the runtime and run: each test's RUN lines say what it claims.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import platform
import shutil

import lit.formats

config.name = "runtime"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".cpp"]
config.excludes = ["core", "observe", "sync", "stress", "leaks", "Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.sluice_build + "/test/runtime"
config.environment["PATH"] = config.llvm_tools + os.pathsep + os.environ["PATH"]
# Valgrind does not run what a sanitizer has instrumented.
if shutil.which("valgrind") and not config.flags:
    config.available_features.add("valgrind")
if "thread" in config.flags:
    config.available_features.add("tsan")
if platform.machine() == "x86_64":
    config.available_features.add("x86_64")
if config.sluice_command:
    config.available_features.add("sluice-command")
    config.substitutions.append(("%sluice", config.sluice_command))
# The library comes after the program, as in a user's link line.
config.substitutions.append(
    (r"%cxx (\S+) -o (\S+)",
     f"{config.cxx} -g -O1 -std=c++20 -Wall -Wextra -Werror {config.flags}"
     f" -I{config.sluice_source}/runtime/include \\1 -o \\2 {config.library} -pthread")
)
