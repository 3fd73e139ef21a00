// What the user has set, as the server takes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { ExecFileException } from "node:child_process";

/** The settings below `sluice` that the server knows, by the same names. */
export const serverSettings = [
  "compilationDatabase",
  "checks",
  "checkOptions",
  "models",
  "fixes",
  "onlyDefinite",
] as const;

export function expanded<T>(value: T, folder: string): T {
  if (typeof value === "string")
    return value.replaceAll("${workspaceFolder}", () => folder) as T;
  return Array.isArray(value) ? (value.map((each) => expanded(each, folder)) as T) : value;
}

/**
 * Only what is set, because anything that is sent goes before the flags in `sluice.arguments`.
 * `valueOf` gives the value of a setting, undefined if the user has not set it.
 */
export function serverOptions(
  valueOf: (name: string) => unknown,
  folder: string,
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const name of serverSettings) {
    const value = expanded(valueOf(name), folder);
    if (value !== undefined && value !== "") options[name] = value;
  }
  return options;
}

/** What is wrong with the program, by how `PROGRAM --version` went; nothing if it is sluice. */
export function complaintAbout(
  program: string,
  error: ExecFileException | null,
  output: string,
): string | undefined {
  if (!error && /^sluice \d/.test(output)) return undefined;
  if (error?.code === "ENOENT") return `'${program}' was not found.`;
  if (error?.code === "EACCES") return `'${program}' may not be run.`;
  return `'${program}' is not sluice: it does not answer to --version as sluice does.`;
}
