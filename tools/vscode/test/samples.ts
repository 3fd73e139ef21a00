// Witnesses for tests.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { Location } from "vscode-languageserver-protocol";
import type { Witness } from "../src/witness";

export function place(uri: string, line: number, from: number, to: number): Location {
  return { uri, range: { start: { line, character: from }, end: { line, character: to } } };
}

export function witness(message: string, location: Location, steps: (Location | null)[] = []): Witness {
  return { code: "sluice-unreceived-send", message, location, steps, html: `<p>${message} drawn</p>` };
}
