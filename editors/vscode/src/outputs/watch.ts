/**
 * What only the editor knows of a change: that a completion or a chat made it, or that it was pasted
 * from elsewhere. What it does not know, the server recognises by shape and speed.
 */

import * as vscode from "vscode";
import type { OutputParams } from "../protocol";
import { type Client, SCHEMES } from "../server/client";
import type { Clipboard } from "./clipboard";
import { originOf } from "./origin";
import { isPasteOf, linesIn, rangeAfter } from "./ranges";

/** Shorter texts are as often a person's: the server does not take them for outputs either. */
const MIN_LINES = 3;
/** A completion's least length (characters): shorter ones are names. */
const MIN_LENGTH = 20;

export function watch(client: Client, clipboard: Clipboard): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument((event) => {
    if (!SCHEMES.includes(event.document.uri.scheme) || event.contentChanges.length === 0) {
      return; // a log, say, or nothing
    }
    if (event.reason !== undefined) {
      return; // undone or redone
    }
    const pasted = clipboard.takePasted();
    const origin = originOf(event);
    const first = event.contentChanges[0];
    if (origin.whose === "own") {
      for (const change of event.contentChanges.filter((one) => linesIn(one.text) >= MIN_LINES)) {
        void client.own(change.text);
      }
    } else if (origin.whose === "ai") {
      for (const change of event.contentChanges.filter((one) => one.text.trim().length >= MIN_LENGTH)) {
        tell(client, event.document, change, origin);
      }
    } else if (first && linesIn(pasted) >= MIN_LINES && isPasteOf(first.text, pasted)) {
      tell(client, event.document, first, { kind: "paste", agent: "", model: "" });
    }
  });
}

function tell(
  client: Client,
  document: vscode.TextDocument,
  change: vscode.TextDocumentContentChangeEvent,
  origin: Pick<OutputParams, "kind" | "agent" | "model">,
): void {
  const { kind, agent, model } = origin;
  const { version } = document;
  const range = rangeAfter(change);
  // After the client has told the server of the change itself.
  setTimeout(() => void client.output({ uri: document.uri.toString(), version, range, agent, model, kind }), 0);
}
