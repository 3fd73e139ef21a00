# The example patterns: both halves are silent about them.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "agree"))
import agreement

with open(lit_config.params["settings"], encoding="utf-8") as file:
    settings = json.load(file)
config.name = "examples"
config.suffixes = [".cpp"]
config.test_source_root = os.path.join(
    os.path.dirname(__file__), "..", "..", "examples", "patterns"
)
config.test_exec_root = settings["programs"]
config.test_format = agreement.AgreementTest(settings)
