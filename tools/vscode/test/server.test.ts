// The server that the environment's SLUICE names gives the picture of a program that deadlocks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import * as protocol from "vscode-languageserver-protocol/node";
import { bodyOf } from "../src/page";
import { method, successorOf, witnessesAt, type Witnesses } from "../src/witness";

const program = process.env.SLUICE;

const deadlock = `#include <mutex>
#include <thread>
std::mutex orders, stock;
void ship() {
  std::lock_guard first(stock);
  std::lock_guard second(orders);
}
void order() {
  std::thread other(ship);
  {
    std::lock_guard first(orders);
    std::lock_guard second(stock);
  }
  other.join();
}
`;

/** A server with one file open in its editor. */
class Session {
  private readonly folder = mkdtempSync(join(tmpdir(), "sluice-vscode-"));
  private readonly server = spawn(program!, ["lsp"], {
    cwd: this.folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  private readonly connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(this.server.stdout!),
    new protocol.StreamMessageWriter(this.server.stdin!),
  );
  private version = 0;
  readonly uri = pathToFileURL(join(this.folder, "shop.cpp")).toString();

  constructor(context: TestContext) {
    context.after(() => {
      this.connection.dispose();
      this.server.kill();
      rmSync(this.folder, { recursive: true });
    });
    this.connection.listen();
  }

  async initialize(): Promise<void> {
    const parameters = { processId: process.pid, rootUri: null, capabilities: {} };
    await this.connection.sendRequest(protocol.InitializeRequest.type, parameters);
    await this.connection.sendNotification(protocol.InitializedNotification.type, {});
  }

  /** The document's text is now this one; resolved when it is judged. */
  async write(text: string): Promise<protocol.Diagnostic[]> {
    const version = ++this.version;
    const judged = new Promise<protocol.Diagnostic[]>((resolve) =>
      this.connection.onNotification(protocol.PublishDiagnosticsNotification.type, (told) => {
        if (told.version === version) resolve(told.diagnostics);
      }),
    );
    if (version === 1)
      await this.connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
        textDocument: { uri: this.uri, languageId: "cpp", version, text },
      });
    else
      await this.connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
        textDocument: { uri: this.uri, version },
        contentChanges: [{ text }],
      });
    return judged;
  }

  witnesses(): Promise<Witnesses> {
    return this.connection.sendRequest(method, { textDocument: { uri: this.uri } });
  }
}

const needsServer = { skip: !program && "SLUICE names no server", timeout: 120_000 };

test("the picture has a lane for each task, and places for its steps", needsServer, async (context) => {
  const session = new Session(context);
  await session.initialize();
  const [diagnostic] = await session.write(deadlock);
  const known = await session.witnesses();
  const [witness] = witnessesAt(known.witnesses, session.uri, diagnostic.range.start);
  assert.equal(witness.code, "sluice-lock-order-cycle");
  assert.equal(witness.message, diagnostic.message);
  assert.deepEqual(witness.steps.map((step) => step!.range.start.line), [4, 10, 5, 11]);

  const body = bodyOf(witness, false);
  const lanes = [...body.matchAll(/<g class="task"><title>(.*?)<\/title>/g)].map((lane) => lane[1]);
  assert.deepEqual(lanes, ["ship", "order"]);
  assert.equal(body.match(/<li class="step/g)!.length, witness.steps.length);
  assert.equal(body.match(/waits for ever<\/text>/g)!.length, 2);
  assert.match(known.style, /\.step \{/);

  // It moves with the text, and goes when it is repaired.
  await session.write(`\n\n${deadlock}`);
  const moved = successorOf(witness, (await session.witnesses()).witnesses)!;
  assert.equal(moved.location.range.start.line, witness.location.range.start.line + 2);
  await session.write(deadlock.replace("first(stock)", "first(orders)").replace("second(orders)", "second(stock)"));
  assert.equal(successorOf(witness, (await session.witnesses()).witnesses), undefined);
});
