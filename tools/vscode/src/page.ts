// The page of the panel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { basename } from "node:path";
import { pathOf, type Witness } from "./witness";

/** The colours of the HTML report become those of the editor's theme, and narrow panels have room. */
const theme = `
:root { color-scheme: normal; }
body {
  --ground: var(--vscode-editor-background); --card: var(--vscode-editor-background);
  --ink: var(--vscode-editor-foreground); --faint: var(--vscode-descriptionForeground);
  --line: var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-panel-border)));
  --code: var(--vscode-textCodeBlock-background); --focus: var(--vscode-focusBorder);
  --markline: var(--vscode-list-hoverBackground);
  --mark: var(--vscode-editor-findMatchHighlightBackground);
  --bad: var(--vscode-editorError-foreground);
  --lane0: var(--vscode-charts-blue); --lane1: var(--vscode-charts-purple);
  --lane2: var(--vscode-charts-green); --lane3: var(--vscode-charts-orange);
  --lane4: var(--vscode-terminal-ansiCyan); --lane5: var(--vscode-charts-yellow);
  max-width: none; padding: 1rem; font: var(--vscode-font-size)/1.35 var(--vscode-font-family);
}
code { padding: 0; background: none; color: inherit; }
code, .where { font-family: var(--vscode-editor-font-family); }
.steps { flex: 1 1 0; min-width: 11rem; }
.step { display: grid; grid-template-columns: 2em minmax(0, 1fr); align-content: start; padding: 4px .5rem 0;
  white-space: normal; cursor: pointer; }
.step .text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.step .line { grid-column: 2; padding: 0; font-size: .85em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
`;

export function escaped(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}

export function bodyOf(shown: Witness, isGone: boolean): string {
  const { uri, range } = shown.location;
  const where = `${basename(pathOf(uri))}:${range.start.line + 1}`;
  const head =
    `<h2>${escaped(shown.message)}</h2>\n` +
    `<p class="meta"><code>${escaped(shown.code)}</code>` +
    `<span class="where">${escaped(where)}</span></p>\n`;
  const gone = '<p role="status">The finding is gone. If it comes back, it is shown here.</p>';
  return head + (isGone ? gone : shown.html);
}

/** Nothing but this style and this script is let in; `nonce` must be new each time. */
export function pageOf(body: string, style: string, scriptUri: string, nonce: string): string {
  const policy =
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; ` +
    "base-uri 'none'; form-action 'none'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Witness</title>
<style nonce="${nonce}">${style}${theme}</style>
</head>
<body>
<main>
${body}
</main>
<script nonce="${nonce}" src="${escaped(scriptUri)}"></script>
</body>
</html>
`;
}
