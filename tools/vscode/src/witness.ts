// What the server tells of how findings come about, and which of them is meant.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { fileURLToPath } from "node:url";
import type { Location, Position } from "vscode-languageserver-protocol";

/** The request; its parameters are `{ textDocument: { uri } }`. */
export const method = "sluice/witnesses";

export interface Witness {
  code: string;
  message: string;
  location: Location;
  /** One for each step of the picture, from the first to the last; null: it has no place. */
  steps: (Location | null)[];
  /** The picture with its steps, drawn and escaped by the server. */
  html: string;
}

/** All whose paths lead through one file. */
export interface Witnesses {
  /** The style sheet of the pictures. */
  style: string;
  witnesses: Witness[];
}

/** The server may write a URI in another way than the editor does. */
export function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    return uri;
  }
}

function covers({ range }: Location, at: Position): boolean {
  const isBehindStart = at.line > range.start.line || at.character >= range.start.character;
  const isBeforeEnd = at.line < range.end.line || at.character <= range.end.character;
  return coversLine(range, at) && isBehindStart && isBeforeEnd;
}

function coversLine(range: Location["range"], at: Position): boolean {
  return range.start.line <= at.line && at.line <= range.end.line;
}

/** The findings at a place; if there are none, those in its line, and then those with a step there. */
export function witnessesAt(all: Witness[], uri: string, at: Position): Witness[] {
  const isHere = (place: Location | null) => place !== null && pathOf(place.uri) === pathOf(uri);
  const isInLine = (place: Location | null) => isHere(place) && coversLine(place!.range, at);
  const ways = [
    (each: Witness) => isHere(each.location) && covers(each.location, at),
    (each: Witness) => isInLine(each.location),
    (each: Witness) => each.steps.some(isInLine),
  ];
  return ways.map((way) => all.filter(way)).find((found) => found.length > 0) ?? [];
}

/** What has become of a finding after an edit: the nearest that says the same. */
export function successorOf(before: Witness, all: Witness[]): Witness | undefined {
  const distance = (each: Witness) =>
    Math.abs(each.location.range.start.line - before.location.range.start.line);
  return all
    .filter((each) => each.code === before.code && each.message === before.message)
    .sort((one, other) => distance(one) - distance(other))[0];
}
