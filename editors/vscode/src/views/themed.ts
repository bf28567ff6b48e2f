/** The report's page in the editor's colours. Its own content security policy lets its own scripts run, known by their hashes, and loads nothing. */

const COLOURS = `
body { --bg: var(--vscode-editor-background); --card: var(--vscode-sideBar-background, var(--vscode-editor-background));
  --ink: var(--vscode-editor-foreground); --soft: var(--vscode-descriptionForeground); --line: var(--vscode-panel-border, #8884);
  --bad: var(--vscode-errorForeground); --good: var(--vscode-testing-iconPassed, #2f7d4f); --accent: var(--vscode-charts-blue, #34568b);
  --bar: color-mix(in srgb, var(--vscode-charts-blue, #34568b) 30%, transparent); --code: var(--vscode-textCodeBlock-background);
  background: var(--bg); color: var(--ink); font-family: var(--vscode-font-family); padding: 0; }
`;

/** The page with the theme's colours; throws if it brings no policy. */
export function themed(html: string): string {
  if (
    !/<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src(?: 'sha256-[\w+/=]+')+">/.test(
      html,
    )
  ) {
    throw new Error("the report has no content security policy");
  }
  return html.replace("</head>", `<style>${COLOURS}</style></head>`);
}
