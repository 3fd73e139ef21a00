# Reads the YAML of docs/guides/ci.md and runs its commands on a small project: guide.py FOLDER ROOT COMPILER SLUICE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import os
import pathlib
import re
import sys

import yaml

from project import Project

folder, root, compiler, sluice = sys.argv[1:]
guide = pathlib.Path(root, "docs", "guides", "ci.md").read_text()
blocks = re.findall(r"^```yaml\n# (\S+)\n(.*?)^```", guide, re.S | re.M)
recipes = {name: yaml.safe_load(text) for name, text in blocks}
assert sorted(recipes) == [".github/workflows/sluice.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"]

project = Project(folder, root, compiler)
project.environment["PATH"] = os.path.dirname(sluice) + os.pathsep + os.environ["PATH"]
project.environment["CXXFLAGS"] = f"-I{root}/runtime/include"
(project.folder / ".gitignore").write_text("build\n*.sarif\n*.json\n*.html\n")
project.git("init", "-q")
project.git("add", ".")
project.git("commit", "-qm", "one")
project.write("bad")


def do(command, expect=0):
    return project.run("bash", "-ec", command, expect=expect)


# GitHub: the steps with commands one after the other, and an upload of what they write.
workflow = recipes[".github/workflows/sluice.yml"]
assert workflow[True]["push"]["branches"] == ["main"]  # YAML 1.1 reads 'on' as true
assert workflow["permissions"]["security-events"] == "write"
(job,) = workflow["jobs"].values()
for step in job["steps"]:
    assert ("run" in step) != ("uses" in step), step
    if "run" in step:
        do(step["run"])
(upload,) = [step for step in job["steps"] if "upload-sarif" in step.get("uses", "")]
log = json.loads((project.folder / upload["with"]["sarif_file"]).read_text())
(result,) = log["runs"][0]["results"]
assert result["ruleId"] == "sluice-unreceived-send"
assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app.cpp"

# GitLab: the last command's status is the job's.
(job,) = recipes[".gitlab-ci.yml"].values()
for command in job["script"][:-1]:
    do(command)
do(job["script"][-1], expect=1)
report = json.loads((project.folder / job["artifacts"]["reports"]["codequality"]).read_text())
assert [issue["location"]["path"] for issue in report] == ["app.cpp"]
for path in job["artifacts"]["paths"]:
    assert (project.folder / path).read_text().startswith("<!doctype html>")

# pre-commit: the entry with the changed files after it.
(hook,) = recipes[".pre-commit-config.yaml"]["repos"][0]["hooks"]
assert hook["language"] == "system" and hook["require_serial"] is True
do(hook["entry"] + " app.cpp app.hpp", expect=1)
project.write("good")
do(hook["entry"] + " app.cpp app.hpp")
