# The practice kernels, and small programs of each mechanism, judged by the checker.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
import kernel_test

with open(lit_config.params["settings"], encoding="utf-8") as file:
    settings = json.load(file)

KNOWN = {}

config.name = "kernels-checker"
config.suffixes = [".cpp", ".c"]
config.excludes = ["checker", "runtime", "explored"]
config.test_source_root = os.path.dirname(here)
config.test_exec_root = settings["results"]
config.test_format = kernel_test.KernelTest(settings, KNOWN)
