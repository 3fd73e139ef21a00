// The panel beside the editor that shows one finding's witness, and follows it while the text changes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Location } from "vscode-languageserver-protocol";
import { bodyOf, pageOf } from "./page";
import { successorOf, type Witness, type Witnesses } from "./witness";

export class WitnessPanel implements vscode.Disposable {
  private panel?: vscode.WebviewPanel;
  private shown?: { document: string; witness: Witness; body: string };

  constructor(private readonly extension: vscode.Uri) {}

  dispose(): void {
    this.panel?.dispose();
  }

  /** The document whose witness is shown, by its URI. */
  get document(): string | undefined {
    return this.shown?.document;
  }

  show(document: string, witness: Witness, style: string): void {
    this.panel ??= this.make();
    this.panel.reveal(undefined, true);
    this.render(document, witness, style, false);
  }

  /** With what the server now tells of the document. */
  follow(now: Witnesses): void {
    if (!this.shown) return;
    const { document, witness } = this.shown;
    const successor = successorOf(witness, now.witnesses);
    this.render(document, successor ?? witness, now.style, !successor);
  }

  private make(): vscode.WebviewPanel {
    const scripts = vscode.Uri.joinPath(this.extension, "dist");
    const panel = vscode.window.createWebviewPanel(
      "sluice.witness",
      "Witness",
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [scripts] },
    );
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.shown = undefined;
    });
    panel.webview.onDidReceiveMessage((message: { step: number }) => {
      const place = this.shown?.witness.steps[message.step];
      if (place) void reveal(place);
    });
    return panel;
  }

  private render(document: string, witness: Witness, style: string, isGone: boolean): void {
    const body = bodyOf(witness, isGone);
    // Setting the page anew would scroll it to its beginning.
    const isSame = this.shown?.body === body;
    this.shown = { document, witness, body };
    if (isSame || !this.panel) return;
    const { webview } = this.panel;
    const script = vscode.Uri.joinPath(this.extension, "dist", "view.js");
    const nonce = randomBytes(16).toString("base64");
    webview.html = pageOf(body, style, webview.asWebviewUri(script).toString(), nonce);
  }
}

/** The keys stay with the panel, so that one can go on to the next step. */
async function reveal(place: Location): Promise<void> {
  const { start, end } = place.range;
  const uri = vscode.Uri.parse(place.uri);
  const visible = vscode.window.visibleTextEditors;
  const editor = visible.find((each) => each.document.uri.fsPath === uri.fsPath) ?? visible[0];
  await vscode.window.showTextDocument(uri, {
    viewColumn: editor?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus: true,
    selection: new vscode.Range(start.line, start.character, end.line, end.character),
  });
}
