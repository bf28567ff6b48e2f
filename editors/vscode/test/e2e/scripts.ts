/** Scripts for the extension host, as the probe runs them. */

import type { Workbench } from "./workbench";

/** Diagnostics of a file, as "CODE line". */
export const FOUND = `
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, given);
  return vscode.languages.getDiagnostics(uri).map((d) => (d.code.value ?? d.code) + " " + (d.range.start.line + 1));`;

/** Open a file and put the cursor at its end. */
export const OPEN = `
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, given);
  const editor = await vscode.window.showTextDocument(uri);
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
  editor.revealRange(editor.selection);`;

/** Offer a text as an inline completion, as an assistant's extension does, and accept it. */
const COMPLETE = `
  const offered = vscode.languages.registerInlineCompletionItemProvider({ pattern: "**" }, {
    provideInlineCompletionItems: () => [new vscode.InlineCompletionItem(given)],
  });
  await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
  offered.dispose();
  return vscode.window.activeTextEditor.document.getText();`;

/** Have a completion offered and accepted at the cursor; an editor that is not ready is offered it again. */
export async function accept(bench: Workbench, text: string): Promise<void> {
  await bench.eventually<string>(COMPLETE, (now) => now.includes(text.trim()), text);
}

export const TEXT = `return vscode.window.activeTextEditor.document.getText()`;
