# Programs that are compiled against the runtime and run: each test's RUN lines say what it claims.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import platform
import shutil

import lit.formats

config.name = "runtime"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".cpp", ".test"]
config.excludes = ["core", "observe", "sync", "stress", "leaks", "Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.sluice_build + "/test/runtime"
config.environment["PATH"] = config.llvm_tools + os.pathsep + os.environ["PATH"]
# Valgrind does not run what a sanitizer has instrumented.
if shutil.which("valgrind") and not config.flags:
    config.available_features.add("valgrind")
if shutil.which("gdb"):
    config.available_features.add("gdb")
if shutil.which("go"):
    config.available_features.add("go")
if shutil.which("script") and shutil.which("stty"):
    config.available_features.add("script")
if "thread" in config.flags:
    config.available_features.add("tsan")
if platform.machine() == "x86_64":
    config.available_features.add("x86_64")
config.substitutions.append(("%sluice_source", config.sluice_source))
if config.sluice_command:
    config.available_features.add("sluice-command")
    config.substitutions.append(("%sluice", config.sluice_command))
if shutil.which("g++") and not config.flags:
    config.available_features.add("gcc")
    config.substitutions.append(
        (r"%gxx (\S+) -o (\S+)",
         f"g++ -g -O2 -std=c++20 -I{config.sluice_source}/runtime/include \\1 -o \\2 {config.library} -pthread"))
# The library comes after the program, as in a user's link line.
config.substitutions.append(
    (r"%cxx( -g0)? (\S+) -o (\S+)",
     f"{config.cxx} -g\\1 -O1 -std=c++20 -Wall -Wextra -Werror {config.flags}"
     f" -I{config.sluice_source}/runtime/include \\2 -o \\3 {config.library} -pthread")
)
