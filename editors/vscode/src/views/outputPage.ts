/** One output as a page: its evidence, read-only, as text. A preview would load the pictures that it names. */

import * as vscode from "vscode";
import type { Client } from "../server/client";
import { visible, visibleLines } from "./visible";

const SCHEME = "aicheck-output";

export class OutputPages implements vscode.TextDocumentContentProvider {
  client: Client | undefined;

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async showOutput(id: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/output ${visible(id)}.txt`, query: id });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const evidence = await this.client?.execute<string>("aicheck.copyEvidence", uri.query);
    return evidence === undefined || evidence === "" ? "The log has no such output any more." : visibleLines(evidence);
  }
}
