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

KNOWN = {
    "cockroach_9935.cpp": "the outside result that decides is not free yet",
    "kubernetes_11298.cpp": "the second mark is a consequence of the first, told as its note",
}

config.name = "kernels-checker"
config.suffixes = [".cpp"]
config.excludes = ["checker", "runtime"]
config.test_source_root = os.path.dirname(here)
config.test_exec_root = settings["results"]
config.test_format = kernel_test.KernelTest(settings, KNOWN)
