/**
 * One finding for one cause, beside Pylance and others: what they report too is no second problem here but a
 * hint, which keeps its quick fixes. They may report before or after aicheck does.
 */

import * as vscode from "vscode";
import type { LanguageClient, Middleware } from "vscode-languageclient/node";
import { type Said, hasTwin } from "./twins";

export class StepBack {
  /** Of each document what aicheck reported, and which of it stepped back. */
  private readonly reported = new Map<string, { items: readonly vscode.Diagnostic[]; back: string }>();
  client: LanguageClient | undefined;

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        for (const uri of uris) {
          this.look(uri);
        }
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.reported.delete(document.uri.toString())),
    );
  }

  readonly provideDiagnostics: NonNullable<Middleware["provideDiagnostics"]> = async (document, _, token, next) => {
    // Always in full: an unchanged answer may step back now where it did not before.
    const report = await next(document, undefined, token);
    const open = document instanceof vscode.Uri ? undefined : document;
    if (!open || !report || !("items" in report)) {
      return report;
    }
    const twins = this.twins(open, report.items);
    this.reported.set(open.uri.toString(), { items: report.items, back: twins.join() });
    return { ...report, items: report.items.map((item, index) => (twins[index] ? hint(item) : item)) };
  };

  /** Ask for a document's findings again if others have said or taken back the same since. */
  private look(uri: vscode.Uri): void {
    const known = this.reported.get(uri.toString());
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    if (known && document && this.twins(document, known.items).join() !== known.back) {
      const feature = this.client?.getFeature("textDocument/diagnostic");
      feature?.getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
    }
  }

  private twins(document: vscode.TextDocument, items: readonly vscode.Diagnostic[]): boolean[] {
    const others = vscode.languages.getDiagnostics(document.uri).map(said);
    return items.map((item) => hasTwin(said(item), document.getText(item.range), others));
  }
}

function hint(item: vscode.Diagnostic): vscode.Diagnostic {
  return Object.assign(Object.create(Object.getPrototypeOf(item) as object), item, {
    severity: vscode.DiagnosticSeverity.Hint,
  }) as vscode.Diagnostic;
}

function said({ source, code, message, severity, range }: vscode.Diagnostic): Said {
  const value = typeof code === "object" ? code.value : (code ?? "");
  return { source: source ?? "", code: String(value), message, severity, start: range.start, end: range.end };
}
