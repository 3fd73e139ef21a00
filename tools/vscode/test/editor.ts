// Stands in for the module 'vscode', which only exists inside the editor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// It remembers what it is asked for. Whatever it does not know is a class without members: the
// language client extends many of those when it is loaded.
import Module from "node:module";

interface Loader {
  _load(request: string, ...rest: unknown[]): unknown;
}

interface Shown {
  viewColumn: number;
  selection: { places: number[] };
}

/** What the extension has asked for. */
export const asked = {
  commands: new Map<string, (...parameters: unknown[]) => unknown>(),
  executed: [] as unknown[][],
  errors: [] as string[],
  told: [] as string[],
  opened: [] as { path: string; line: number; column: number }[],
  pages: [] as string[],
};

/** What the user does in the panel. */
export const user = {
  settings: {} as Record<string, unknown>,
  pick: undefined as string | undefined,
  sends: (_message: unknown): unknown => undefined,
  closes: (): void => undefined,
};

const uri = (path: string) => ({ fsPath: path, toString: () => `file://${path}` });

const panel = {
  reveal: () => undefined,
  dispose: () => user.closes(),
  onDidDispose: (listener: () => void) => (user.closes = listener),
  webview: {
    set html(page: string) {
      asked.pages.push(page);
    },
    asWebviewUri: (resource: unknown) => resource,
    onDidReceiveMessage: (listener: (message: unknown) => unknown) => (user.sends = listener),
  },
};

const disposable = () => ({ dispose: () => undefined });

const known: Record<string, unknown> = {
  version: "1.82.0",
  env: {},
  ViewColumn: { One: 1, Beside: -2 },
  Range: class {
    readonly places: number[];
    constructor(...places: number[]) {
      this.places = places;
    }
  },
  Uri: { parse: (text: string) => uri(new URL(text).pathname), joinPath: () => uri("/view.js") },
  window: {
    visibleTextEditors: [{ document: { uri: uri("/project/a.cpp") }, viewColumn: 3 }],
    createOutputChannel: disposable,
    createWebviewPanel: () => panel,
    activeTextEditor: { document: { uri: uri("/project/a.cpp") }, selection: { active: { line: 0, character: 0 } } },
    showInformationMessage: async (text: string) => asked.told.push(text),
    showErrorMessage: async (text: string) => {
      asked.errors.push(text);
      return user.pick;
    },
    showTextDocument: async ({ fsPath }: { fsPath: string }, { viewColumn, selection }: Shown) =>
      asked.opened.push({ path: fsPath, line: selection.places[0], column: viewColumn }),
  },
  commands: {
    registerCommand: (name: string, run: () => unknown) => {
      asked.commands.set(name, run);
      return disposable();
    },
    executeCommand: async (...parameters: unknown[]) => asked.executed.push(parameters),
  },
  languages: { registerCodeActionsProvider: disposable },
  workspace: {
    createFileSystemWatcher: disposable,
    onDidChangeConfiguration: disposable,
    getConfiguration: () => ({
      get: (name: string, otherwise: unknown) => user.settings[name] ?? otherwise,
      inspect: (name: string) => ({ globalValue: user.settings[name] }),
    }),
  },
};

const vscode = new Proxy(known, {
  get: (names, name: string) => (names[name] ??= class {}),
});

const loader = Module as unknown as Loader;
const load = loader._load;
loader._load = (request, ...rest) => (request === "vscode" ? vscode : load(request, ...rest));
