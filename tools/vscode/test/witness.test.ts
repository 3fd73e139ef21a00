// Which witness is meant by a place, and what has become of one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import assert from "node:assert/strict";
import { test } from "node:test";
import { successorOf, witnessesAt } from "../src/witness";
import { place, witness } from "./samples";

const uri = "file:///project/a%20b/queue.cpp";
const narrow = witness("narrow", place(uri, 4, 10, 14));
const wide = witness("wide", place(uri, 4, 2, 30), [place(uri, 1, 0, 9), null, place(uri, 4, 2, 30)]);
const elsewhere = witness("elsewhere", place("file:///project/main.cpp", 4, 10, 14), [place(uri, 8, 0, 9)]);
const all = [narrow, wide, elsewhere];
const at = (line: number, character: number) =>
  witnessesAt(all, uri, { line, character }).map((each) => each.message);

test("a place means the findings that cover it, else those of its line, else those with a step there", () => {
  assert.deepEqual(at(4, 12), ["narrow", "wide"]);
  assert.deepEqual(at(4, 14), ["narrow", "wide"]);
  assert.deepEqual(at(4, 20), ["wide"]);
  assert.deepEqual(at(4, 40), ["narrow", "wide"]);
  assert.deepEqual(at(1, 0), ["wide"]);
  assert.deepEqual(at(8, 3), ["elsewhere"]);
  assert.deepEqual(at(9, 0), []);
});

test("URIs may be written in several ways, and need not be of files", () => {
  const position = { line: 4, character: 20 };
  assert.equal(witnessesAt(all, "file:///project/%61%20b/queue.cpp", position).length, 1);
  assert.equal(witnessesAt(all, "untitled:one", position).length, 0);
  const broken = witness("broken", place("file:///project/%FF.cpp", 0, 0, 3));
  assert.equal(witnessesAt([broken], "file:///project/%FF.cpp", { line: 0, character: 0 }).length, 1);
});

test("a finding is known again by what it says, the nearest first", () => {
  const moved = witness("narrow", place(uri, 6, 10, 14));
  const copied = witness("narrow", place(uri, 30, 10, 14));
  const other = { ...witness("narrow", place(uri, 4, 10, 14)), code: "sluice-deadlock" };
  assert.equal(successorOf(narrow, [copied, other, moved, wide]), moved);
  assert.equal(successorOf(narrow, [other, wide]), undefined);
});
