// The panel and the commands, with a stand-in for the editor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { asked, user } from "./editor"; // before what needs it
import { activate } from "../src/extension";
import { WitnessPanel } from "../src/panel";
import { place, witness } from "./samples";

const uri = "file:///project/a.cpp";
const shown = witness("stuck", place(uri, 4, 0, 3), [place(uri, 1, 0, 2), null, place("file:///project/b.cpp", 7, 0, 2)]);
const folder = { fsPath: "/extension" } as never;

test("the panel shows a witness, goes to its steps, and follows it", async () => {
  const panel = new WitnessPanel(folder);
  panel.show(uri, shown, ".step {}");
  assert.equal(panel.document, uri);
  assert.equal(asked.pages.length, 1);
  assert.match(asked.pages[0], /stuck drawn/);

  for (const step of [0, 1, 2, 3]) await user.sends({ step });
  // Where it is open already, else where text is shown.
  assert.deepEqual(asked.opened, [
    { path: "/project/a.cpp", line: 1, column: 3 },
    { path: "/project/b.cpp", line: 7, column: 3 },
  ]);

  panel.follow({ style: ".step {}", witnesses: [shown] });
  assert.equal(asked.pages.length, 1, "what is the same is not set anew");
  panel.follow({ style: ".step {}", witnesses: [] });
  assert.match(asked.pages[1], /The finding is gone/);
  panel.follow({ style: ".step {}", witnesses: [shown] });
  assert.match(asked.pages[2], /stuck drawn/);
  const nonces = asked.pages.map((page) => /'nonce-([^']{20,})'/.exec(page)![1]);
  assert.equal(new Set(nonces).size, nonces.length);

  user.closes();
  assert.equal(panel.document, undefined);
  panel.follow({ style: ".step {}", witnesses: [shown] });
  assert.equal(asked.pages.length, 3);
});

test("without the program there are the commands, and a way to the setting", async () => {
  user.settings = { path: "/nowhere/sluice" };
  user.pick = "Open the Setting";
  await activate({ subscriptions: [], extensionUri: folder } as never);
  await new Promise(setImmediate);
  assert.deepEqual(asked.errors, ["Sluice: '/nowhere/sluice' was not found."]);
  assert.deepEqual(asked.executed, [["workbench.action.openSettings", { query: "sluice.path" }]]);
  await asked.commands.get("sluice.showWitness")!();
  assert.deepEqual(asked.told, ["Sluice: the server is not running."]);

  const manifest = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"));
  const named = manifest.contributes.commands.map((each: { command: string }) => each.command);
  assert.deepEqual([...asked.commands.keys()].sort(), named.sort());
});
