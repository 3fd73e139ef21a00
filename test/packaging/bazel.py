# Judges a small workspace in a real Bazel: in its sandbox, from its cache, and in another directory.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
INPUTS = os.path.join(HERE, "Inputs", "bazel")
SKIPPED = 77
SUMMARIES = ("--aspects=@sluice//:sluice.bzl%sluice_aspect", "--output_groups=sluice", "//app:app")
TESTS = ("//app:app_check", "//search:search", "//app:search_check")
SILENT = "Checks: '-*,sluice-*,-sluice-unreceived-send'\n"

WORKSPACE = """workspace(name = "leaky")
local_repository(name = "sluice", path = "{source}/bazel")
load("@sluice//:sluice.bzl", "sluice_installed")
sluice_installed(name = "sluice_command", path = "{checker}")
new_local_repository(
    name = "sluice_runtime",
    path = "{source}/runtime/include",
    build_file_content = '''
cc_library(
    name = "runtime",
    hdrs = glob(["sluice/**"]),
    includes = ["."],
    visibility = ["//visibility:public"],
)
''',
)
"""


def options():
    parser = argparse.ArgumentParser()
    for name in ("source", "checker"):
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


class Workspace:
    """A copy of the workspace, with a Bazel server of its own that shares nothing with others."""

    def __init__(self, root, name):
        self.place = os.path.join(root, name, "workspace")
        self.output = os.path.join(root, name, "output")
        shutil.copytree(os.path.join(INPUTS, "workspace"), self.place)
        self.write("WORKSPACE", WORKSPACE.format(source=ARGS.source, checker=ARGS.checker))
        rules = os.path.join(INPUTS, "rules")
        self.write(".bazelrc", "build --nosandbox_debug --color=no --curses=no\n" + "".join(
            f"common --override_repository={name}={rules}/{name}\n" for name in os.listdir(rules)))

    def write(self, path, text):
        with open(os.path.join(self.place, path), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, path):
        with open(os.path.join(self.place, path), encoding="utf-8") as file:
            return file.read()

    def bazel(self, *arguments, expected=0):
        """What Bazel said."""
        done = subprocess.run(
            ["bazel", "--nohome_rc", f"--output_user_root={self.output}", "--max_idle_secs=60", *arguments],
            cwd=self.place, text=True, timeout=200, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != expected:
            raise AssertionError(f"bazel {shlex.join(arguments)}: status {done.returncode}\n{done.stdout}")
        return done.stdout

    def judged(self, *arguments):
        """Which sources were judged, and not found in a cache."""
        return sorted(re.findall(r"SUBCOMMAND: .*action 'Judging (\S+)'",
                                 self.bazel("build", "-s", *SUMMARIES, *arguments)))

    def summaries(self):
        found = {}
        top = os.path.join(self.place, "bazel-bin")
        for folder, _, names in os.walk(top):
            for name in names:
                if name.endswith(".summary"):
                    path = os.path.join(folder, name)
                    with open(path, "rb") as file:
                        found[os.path.relpath(path, top)] = file.read()
        return found

    def close(self):
        self.bazel("shutdown")
        # What Bazel keeps is read-only.
        subprocess.run(["chmod", "-R", "u+w", self.output], check=True)


EVERY = ["app/generated.cpp", "app/main.cpp", "app/plain.c", "caller/caller.cpp", "search/search.cpp"]


class Bazel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = folder.name
        # No input of any action, though it stands above all of them: it must silence nothing.
        with open(os.path.join(cls.root, ".clang-tidy"), "w", encoding="utf-8") as file:
            file.write(SILENT)
        cls.workspace = cls.open_workspace("one")

    @classmethod
    def open_workspace(cls, name):
        workspace = Workspace(cls.root, name)
        cls.addClassCleanup(workspace.close)
        return workspace

    def append(self, path, text):
        """Until the test ends."""
        before = self.workspace.read(path)
        self.addCleanup(self.workspace.write, path, before)
        self.workspace.write(path, before + text)

    def test_each_source_is_judged_once_and_kept(self):
        one = self.workspace
        one.bazel("clean")
        self.assertEqual(one.judged(), EVERY)
        self.assertEqual(one.judged(), [])
        kept = one.summaries()
        self.append("search/search.cpp", "int more();\n")
        self.assertEqual(one.judged(), ["search/search.cpp"])
        self.append("search/search.hpp", "int other();\n")
        self.assertEqual(one.judged(), EVERY)
        self.assertEqual(kept.keys(), one.summaries().keys())

    def test_another_directory_changes_nothing(self):
        cache = f"--disk_cache={self.root}/cache"
        one, other = self.workspace, self.open_workspace("elsewhere/other")
        one.bazel("clean")
        one.judged(cache)
        sandboxed = one.summaries()
        self.assertEqual(len(sandboxed), len(EVERY))
        for name, text in sandboxed.items():
            self.assertNotIn(self.root.encode(), text, name)
        actions = len(EVERY) + len(["the generated source"])
        self.assertIn(f" {actions} remote cache hit", other.bazel("build", *SUMMARIES, cache))
        other.bazel("clean")
        self.assertIn(f" {actions} local", other.bazel("build", *SUMMARIES, "--spawn_strategy=local"))
        self.assertEqual(other.summaries(), sandboxed)

    def test_linking_reports_what_spans_files(self):
        one = self.workspace
        said = one.bazel("test", "--test_output=errors", *TESTS, "--build_tests_only", expected=3)
        self.assertRegex(said, r"search/search\.cpp:4:\d+: warning: .*\[sluice-unreceived-send\]")
        self.assertIn("caller/caller.cpp:6:5: note: ", said)
        self.assertIn("results.send(ANSWER)", said)
        self.assertRegex(said, r"//app:app_check +FAILED")
        self.assertRegex(said, r"//app:search_check +PASSED")
        one.bazel("build", "//app:app_report")
        report = json.loads(one.read("bazel-bin/app/app_report.sarif"))
        self.assertEqual([each["ruleId"] for each in report["runs"][0]["results"]],
                         ["sluice-unreceived-send"])

    def test_configuration_and_models_are_given_by_label(self):
        one = self.workspace
        one.write(".clang-tidy", SILENT)
        self.addCleanup(os.remove, os.path.join(one.place, ".clang-tidy"))
        flags = ("--@sluice//:configuration=//:configuration", "--@sluice//:models=//:models")
        said = one.bazel("test", "-s", "--test_output=errors", "//app:app_check", *flags)
        self.assertRegex(said, r"//app:app_check +PASSED")
        self.assertIn("--models own.models.yaml", said)

    def test_what_cannot_be_judged_is_a_failure(self):
        one = self.workspace
        self.append("app/plain.c", "int broken(void) { return nothing; }\n")
        said = one.bazel("build", *SUMMARIES, expected=1)
        self.assertIn("app/plain.c:2:27: error: use of undeclared identifier 'nothing'", said)


if __name__ == "__main__":
    ARGS = options()
    if not shutil.which("bazel"):
        print("skipped: there is no bazel; Debian has it in bazel-bootstrap")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
