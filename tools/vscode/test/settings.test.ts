// What is sent of the settings, and what is said of a program that is not sluice.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import assert from "node:assert/strict";
import { execFile, type ExecFileException } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { complaintAbout, expanded, serverOptions, serverSettings } from "../src/settings";

const manifest = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"));

test("only what is set is sent, with the folder put in", () => {
  const set: Record<string, unknown> = {
    compilationDatabase: "${workspaceFolder}/build",
    checks: "",
    checkOptions: { "unreceived-send.Fixes": false },
    models: ["${workspaceFolder}/a.yaml", "/b.yaml"],
    fixes: false,
    path: "elsewhere",
  };
  assert.deepEqual(serverOptions((name) => set[name], "/home/me/$& x"), {
    compilationDatabase: "/home/me/$& x/build",
    checkOptions: { "unreceived-send.Fixes": false },
    models: ["/home/me/$& x/a.yaml", "/b.yaml"],
    fixes: false,
  });
  assert.deepEqual(serverOptions(() => undefined, "/home/me"), {});
  assert.equal(expanded(true, "/home/me"), true);
});

test("the manifest has the settings that the server knows, and its own", () => {
  const own = ["path", "arguments", "trace.server"];
  const wanted = [...serverSettings, ...own].map((name) => `sluice.${name}`);
  assert.deepEqual(Object.keys(manifest.contributes.configuration.properties).sort(), wanted.sort());
});

function complaintAfter(program: string): Promise<string | undefined> {
  return new Promise((resolve) =>
    execFile(program, ["--version"], (error: ExecFileException | null, output) =>
      resolve(complaintAbout(program, error, output)),
    ),
  );
}

test("a program that is missing, may not be run or is another one is told apart", async () => {
  assert.match((await complaintAfter("/nowhere/sluice"))!, /^'\/nowhere\/sluice' was not found/);
  assert.match((await complaintAfter(__filename))!, /may not be run/);
  assert.match((await complaintAfter(process.execPath))!, /is not sluice/);
  assert.match((await complaintAfter("false"))!, /is not sluice/);
  assert.equal(complaintAbout("sluice", null, "sluice 0.1.0 (LLVM 19.1.7)\n"), undefined);
});
