// The page of the panel lets nothing in but its own style and script.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, escaped, pageOf } from "../src/page";
import { place, witness } from "./samples";

const hostile = witness(`send on '</h2><img src="x">' & more`, place("file:///project/a%3Cb.cpp", 6, 0, 3));

test("what the finding says is text", () => {
  assert.equal(escaped(`<a b="c" d='e'>&`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  const body = bodyOf({ ...hostile, html: "" }, false);
  assert.ok(!body.includes("<img") && body.includes("&lt;img"), body);
  assert.ok(body.includes("a&lt;b.cpp:7"), body);
  const noText = witness("stuck", place("file:///project/%FF.cpp", 0, 0, 3));
  assert.ok(bodyOf(noText, false).includes(">%FF.cpp:1<"));
});

test("a finding that is gone is said to be, without its picture", () => {
  assert.match(bodyOf(hostile, false), /drawn/);
  assert.match(bodyOf(hostile, true), /role="status">The finding is gone/);
  assert.doesNotMatch(bodyOf(hostile, true), /drawn/);
});

test("the policy names one nonce, which style and script have", () => {
  const page = pageOf("<p>body</p>", ".step{}", "vscode-resource:/view.js", "bm9uY2U=");
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1];
  assert.ok(policy.startsWith("default-src 'none';"), policy);
  assert.ok(!policy.includes("unsafe"), policy);
  assert.equal(page.match(/'nonce-bm9uY2U='/g)!.length, 2);
  assert.equal(page.match(/<(style|script) nonce="bm9uY2U="/g)!.length, 2);
  assert.equal(page.match(/<(style|script)\b/g)!.length, 2);
});
