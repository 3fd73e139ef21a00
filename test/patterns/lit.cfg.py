# The broken twins of the example patterns: both halves report the same defect on the same line.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "agree"))
import agreement

with open(lit_config.params["settings"], encoding="utf-8") as file:
    settings = json.load(file)
config.name = "patterns"
config.suffixes = [".cpp"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = settings["programs"]
config.test_format = agreement.AgreementTest(settings)
