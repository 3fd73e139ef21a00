# A lit format that holds what a run reports and what the checker finds against a program's comments.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A program says what it expects:

    results.send(v); // sluice: unreceived-send      the checker reports this here
    // runtime: silent|leaked|unfinished|deadlock|misuse  how that shows in a run, on the same line
    // options: key=value                            added to SLUICE_OPTIONS for the run

A program without such comments is correct: both halves must be silent.
"""
import json
import os
import re
import subprocess
import tempfile

import lit.formats
import lit.Test

EXPECTED = re.compile(r"//\s*sluice:\s*([a-z-]+)\s*$")
DIRECTIVE = re.compile(r"^//\s*(runtime|options):\s*(\S+)\s*$")
KIND_OF = {"leaked": "leak", "unfinished": "unfinished", "deadlock": "deadlock", "misuse": "misuse"}
FINDINGS_STATUS = 23
SECONDS = 60


class Expectation:
    """What the comments of one program say."""

    def __init__(self, path):
        self.findings = set()
        self.runtime = "silent"
        self.options = ""
        with open(path, encoding="utf-8") as source:
            for number, line in enumerate(source, 1):
                self._read(number, line)
        if self.runtime != "silent" and self.runtime not in KIND_OF:
            raise ValueError(f"{path}: unknown '// runtime: {self.runtime}'")
        if self.runtime != "silent" and not self.findings:
            raise ValueError(f"{path}: '// runtime: {self.runtime}' and no '// sluice:' line")

    def _read(self, number, line):
        if match := EXPECTED.search(line):
            self.findings.add((number, match.group(1)))
        elif match := DIRECTIVE.match(line):
            setattr(self, match.group(1), match.group(2))


def shown(findings):
    return ", ".join(f"line {line}: {check}" for line, check in sorted(findings)) or "nothing"


def run(command, env=None):
    """(exit status, all output); a program that does not end in time is a failure of its own."""
    try:
        done = subprocess.run(command, env=env, timeout=SECONDS, text=True, errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        return None, f"did not end within {SECONDS} s: {late.output}"


def sarif_findings(path):
    """The places and rule ids of a SARIF file, and the files they lie in."""
    with open(path, encoding="utf-8") as file:
        log = json.load(file)
    found = set()
    for result in log["runs"][0]["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        found.add((region["startLine"], result["ruleId"].removeprefix("sluice-")))
    return found


def checker_complaint(sluice, flags, path, expected):
    """What is wrong with the checker's findings, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "findings.sarif")
        command = [sluice, "check", "--format", "sarif", "--output", output, path, "--", *flags]
        status, text = run(command)
        if status not in (0, 1):
            return f"checker: exit status {status}\n{text}"
        found = sarif_findings(output)
    if found != expected.findings:
        return f"checker: expected {shown(expected.findings)}\n     but found {shown(found)}\n{text}"
    return ""


def runtime_reports(folder):
    """The findings of all JSON reports in the folder."""
    findings = []
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            findings += json.load(file)["findings"]
    return findings


def lines_of(finding):
    """Where tasks are blocked, or the places of a misuse."""
    places = [task["blocked_at"] for task in finding["tasks"] if task.get("blocked_at")]
    return {place["line"] for place in places + finding.get("places", [])}


def report_complaint(findings, expected):
    """What is wrong with the findings of a run, or nothing."""
    if expected.runtime == "silent":
        return f"expected no report, got {json.dumps(findings, indent=1)}" if findings else ""
    kind, seen = KIND_OF[expected.runtime], set()
    for finding in findings:
        agreed = {(line, finding["check"]) for line in lines_of(finding)} & expected.findings
        if finding["kind"] != kind or not agreed:
            return (f"expected {kind} at {shown(expected.findings)}\n"
                    f"     but got {json.dumps(finding, indent=1)}")
        seen |= agreed
    missing = expected.findings - seen
    return f"not reported: {shown(missing)}" if missing else ""


def runtime_complaint(program, expected):
    """What is wrong with a run of the program, or nothing."""
    if not os.path.exists(program):
        return f"runtime: '{program}' was not built\n"
    with tempfile.TemporaryDirectory() as folder:
        options = ["format=json", f"log_path={folder}/report"]
        options += [expected.options] if expected.options else []
        status, text = run([program], dict(os.environ, SLUICE_OPTIONS=":".join(options)))
        wanted = FINDINGS_STATUS if expected.runtime not in ("silent", "unfinished") else 0
        try:
            complaint = report_complaint(runtime_reports(folder), expected)
        except (ValueError, KeyError) as bad:
            complaint = f"the report is malformed: {bad!r}"
    if not complaint and status != wanted:
        complaint = f"exit status {status}, expected {wanted}"
    return f"runtime: {complaint}\n{text}" if complaint else ""


class AgreementTest(lit.formats.FileBasedTest):
    """Runs whichever half was built; both where both were."""

    def __init__(self, settings):
        super().__init__()
        self.settings = settings

    def execute(self, test, lit_config):
        path = test.getSourcePath()
        sluice = self.settings.get("sluice")
        program = os.path.join(self.settings["programs"], os.path.basename(path)[: -len(".cpp")])
        if not sluice and not self.settings["has_runtime"]:
            return lit.Test.UNSUPPORTED, "neither half was built"
        expected = Expectation(path)
        complaints = []
        if sluice:
            complaints.append(checker_complaint(sluice, self.settings["flags"], path, expected))
        if self.settings["has_runtime"]:
            complaints.append(runtime_complaint(program, expected))
        text = "".join(complaints)
        return (lit.Test.FAIL, text) if text else (lit.Test.PASS, "")
