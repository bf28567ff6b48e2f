/** What is copied here, and what is pasted from elsewhere: by the editor's copy and paste hooks, which change nothing. */

import * as vscode from "vscode";
import { SCHEMES } from "../server/client";

/** Marks what was copied in this window; no other program writes it. */
const MARK = "application/vnd.code.aicheck.copied";
/** The editor's own mark of what was copied in any of its windows. */
const EDITOR_MARK = "vscode-editor-data";
const TEXT = "text/plain";

export class Clipboard implements vscode.DocumentPasteEditProvider {
  private pasted = "";

  constructor(private readonly copied: (text: string) => void) {}

  register(): vscode.Disposable {
    const selector = SCHEMES.map((scheme) => ({ scheme }));
    return vscode.languages.registerDocumentPasteEditProvider(selector, this, {
      providedPasteEditKinds: [],
      copyMimeTypes: [MARK],
      pasteMimeTypes: [TEXT],
    });
  }

  prepareDocumentPaste(
    document: vscode.TextDocument,
    ranges: readonly vscode.Range[],
    data: vscode.DataTransfer,
  ): void {
    data.set(MARK, new vscode.DataTransferItem("1"));
    this.copied(ranges.map((range) => document.getText(range)).join("\n"));
  }

  async provideDocumentPasteEdits(
    _document: vscode.TextDocument,
    _ranges: readonly vscode.Range[],
    data: vscode.DataTransfer,
  ): Promise<undefined> {
    const own = data.get(MARK) ?? data.get(EDITOR_MARK);
    this.pasted = own ? "" : ((await data.get(TEXT)?.asString()) ?? "");
  }

  /** The text that is just being pasted from another program; it is told once. */
  takePasted(): string {
    const text = this.pasted;
    this.pasted = "";
    return text;
  }
}
