// Starts 'sluice lsp' for C and C++, and shows the witnesses of what it finds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { DidChangeConfigurationNotification, LanguageClient } from "vscode-languageclient/node";
import { WitnessPanel } from "./panel";
import { complaintAbout, expanded, serverOptions, serverSettings } from "./settings";
import { method, witnessesAt, type Witness, type Witnesses } from "./witness";

const languages = ["c", "cpp"].map((language) => ({ scheme: "file", language }));

let client: LanguageClient | undefined;
let lastStart = Promise.resolve();
let output: vscode.OutputChannel;
let watcher: vscode.FileSystemWatcher;
let panel: WitnessPanel;

function workspaceFolder(): string {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
}

/** The value of a setting, undefined if the user has not set it. */
function setValueOf(name: string): unknown {
  const settings = vscode.workspace.getConfiguration("sluice");
  const all = settings.inspect(name);
  const isSet = [all?.globalValue, all?.workspaceValue, all?.workspaceFolderValue].some(
    (value) => value !== undefined,
  );
  return isSet ? settings.get(name) : undefined;
}

function setting<T>(name: string, otherwise: T): T {
  return expanded(vscode.workspace.getConfiguration("sluice").get(name, otherwise), workspaceFolder());
}

const optionsForServer = () => serverOptions(setValueOf, workspaceFolder());

function complaint(program: string): Promise<string | undefined> {
  const options = { cwd: workspaceFolder() || undefined, timeout: 10_000 };
  return new Promise((resolve) =>
    execFile(program, ["--version"], options, (error, stdout) =>
      resolve(complaintAbout(program, error, stdout)),
    ),
  );
}

async function tell(wrong: string): Promise<void> {
  const open = "Open the Setting";
  if ((await vscode.window.showErrorMessage(`Sluice: ${wrong}`, open)) !== open) return;
  // A program on another machine is set there.
  const settings = vscode.env.remoteName ? "openRemoteSettings" : "openSettings";
  await vscode.commands.executeCommand(`workbench.action.${settings}`, { query: "sluice.path" });
}

function makeClient(program: string): LanguageClient {
  const server = { command: program, args: ["lsp", ...setting<string[]>("arguments", [])] };
  return new LanguageClient("sluice", "Sluice", server, {
    documentSelector: languages,
    outputChannel: output,
    initializationOptions: optionsForServer,
    synchronize: { fileEvents: watcher },
    middleware: {
      handleDiagnostics(uri, diagnostics, next) {
        next(uri, diagnostics);
        // A server that ends meanwhile answers nothing; the next one publishes anew.
        followWitness().catch(() => undefined);
      },
      // A lens of the server's says how many tasks never finish, but not what a click on it does.
      async provideCodeLenses(document, token, next) {
        const lenses = (await next(document, token)) ?? [];
        for (const lens of lenses)
          if (lens.command) lens.command = showing(lens.command.title, document.uri, lens.range.start);
        return lenses;
      },
    },
  });
}

async function startAgain(): Promise<void> {
  const before = client;
  client = undefined;
  await before?.dispose().catch(() => undefined);
  const program = setting("path", "") || "sluice";
  const wrong = await complaint(program);
  if (wrong) return void tell(wrong);
  client = makeClient(program);
  // What fails here is told by the client.
  await client.start().catch(() => undefined);
}

/** One after the other, however often it is asked for. */
function restart(): Promise<void> {
  return (lastStart = lastStart.catch(() => undefined).then(startAgain));
}

async function witnessesThrough(document: string): Promise<Witnesses | undefined> {
  if (!client?.isRunning()) return undefined;
  return client.sendRequest<Witnesses>(method, { textDocument: { uri: document } });
}

async function showWitness(uri?: vscode.Uri, at?: vscode.Position): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const document = (uri ?? editor?.document.uri)?.toString();
  const position = at ?? editor?.selection.active;
  if (!document || !position) return;
  const known = await witnessesThrough(document);
  if (!known) return inform("the server is not running.");
  const found = witnessesAt(known.witnesses, document, position);
  if (found.length === 0) return inform("no witness leads through this line.");
  const chosen = found.length === 1 ? found[0] : await choose(found);
  if (chosen) panel.show(document, chosen, known.style);
}

function inform(what: string): void {
  void vscode.window.showInformationMessage(`Sluice: ${what}`);
}

async function choose(found: Witness[]): Promise<Witness | undefined> {
  const items = found.map((witness) => ({ label: witness.message, witness }));
  return (await vscode.window.showQuickPick(items, { title: "Which finding?" }))?.witness;
}

async function followWitness(): Promise<void> {
  const { document } = panel;
  const known = document === undefined ? undefined : await witnessesThrough(document);
  if (known && panel.document === document) panel.follow(known);
}

function showing(title: string, ...where: [vscode.Uri, vscode.Position]): vscode.Command {
  return { title, command: "sluice.showWitness", arguments: where };
}

/** Findings that have a path have places that belong to it. */
function actionsFor(document: vscode.TextDocument, found: readonly vscode.Diagnostic[]) {
  return found
    .filter((each) => each.source === "sluice" && each.relatedInformation?.length)
    .map((each) => {
      const action = new vscode.CodeAction("Show the witness", vscode.CodeActionKind.QuickFix);
      action.command = showing(action.title, document.uri, each.range.start);
      action.diagnostics = [each];
      return action;
    });
}

function configure(change: vscode.ConfigurationChangeEvent): void {
  const affects = (name: string) => change.affectsConfiguration(`sluice.${name}`);
  if (affects("path") || affects("arguments")) void restart();
  else if (client?.isRunning() && serverSettings.some(affects))
    void client.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { sluice: optionsForServer() },
    });
}

export function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("Sluice");
  watcher = vscode.workspace.createFileSystemWatcher("**/{compile_commands.json,.clang-tidy}");
  panel = new WitnessPanel(context.extensionUri);
  context.subscriptions.push(
    output,
    watcher,
    panel,
    vscode.commands.registerCommand("sluice.restart", restart),
    vscode.commands.registerCommand("sluice.showWitness", showWitness),
    vscode.workspace.onDidChangeConfiguration(configure),
    vscode.languages.registerCodeActionsProvider(languages, {
      provideCodeActions: (document, _range, { diagnostics }) => actionsFor(document, diagnostics),
    }),
  );
  return restart();
}

export async function deactivate(): Promise<void> {
  await lastStart;
  await client?.dispose();
}
