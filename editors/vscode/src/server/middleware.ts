/** What the editor adds where the server's commands need a person: a reason, the clipboard, a page. */

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import type { StepBack } from "../findings/stepBack";
import { visible, visibleLines } from "../views/visible";
import { withTrust } from "./trust";

export interface Pages {
  showOutput(id: string): Promise<void>;
}

/** The client's middleware. `judged` is called after a person has judged an output. */
export function middleware(pages: Pages, twins: StepBack, judged: () => void): Middleware {
  return {
    ...nothingHidden(twins),
    async executeCommand(command, args: unknown[], next) {
      if (command === "aicheck.dismiss" || command === "aicheck.confirm") {
        const reason = await askForReason(command);
        if (reason === undefined) {
          return undefined;
        }
        const [output, finding, ...place] = args;
        const result: unknown = await next(command, [output, reason === "" ? finding : reason, ...place]);
        judged();
        return result;
      }
      if (command === "aicheck.showOutput") {
        await pages.showOutput(String(args[0]));
        return undefined;
      }
      const result: unknown = await next(command, args);
      if (command === "aicheck.copyEvidence") {
        await copied(String(result));
      }
      return result;
    },
    workspace: {
      async configuration(params, token, next) {
        const settings = await next(params, token);
        return Array.isArray(settings) ? settings.map((one) => withTrust(one, vscode.workspace.isTrusted)) : settings;
      },
      // Without the settings themselves: the server asks for them, and so gets them by `configuration`.
      didChangeConfiguration: (_, next) => next(undefined),
    },
    window: {
      // The report has a view of its own in this editor.
      showDocument(params, token, next) {
        return /\/reports\/report\.html$/.test(params.uri) ? { success: true } : next(params, token);
      },
    },
  };
}

/** Findings, lenses and hovers quote texts and records: what is not seen in them is made visible. */
function nothingHidden(twins: StepBack): Middleware {
  return {
    async provideDiagnostics(document, previous, token, next) {
      const report = await twins.provideDiagnostics(document, previous, token, next);
      for (const item of report && "items" in report ? report.items : []) {
        item.message = visibleLines(item.message);
      }
      return report;
    },
    async provideCodeLenses(document, token, next) {
      const lenses = await next(document, token);
      for (const { command } of lenses ?? []) {
        if (command) {
          command.title = visible(command.title);
        }
      }
      return lenses;
    },
    async provideHover(document, position, token, next) {
      const hover = await next(document, position, token);
      for (const content of hover?.contents ?? []) {
        if (content instanceof vscode.MarkdownString) {
          content.value = visibleLines(content.value);
        }
      }
      return hover;
    },
  };
}

/** Why a person judges so; undefined if they leave. */
export async function askForReason(command: string): Promise<string | undefined> {
  const dismissing = command === "aicheck.dismiss";
  return vscode.window.showInputBox({
    title: dismissing ? "Not a problem" : "This output is degraded",
    prompt: "Why, if you like. It is kept in the log, beside your judgement.",
    placeHolder: dismissing ? "generated on purpose" : "the function ends in the middle",
  });
}

/** Put evidence on the clipboard, and say so. */
export async function copied(evidence: string): Promise<void> {
  await vscode.env.clipboard.writeText(evidence);
  vscode.window.setStatusBarMessage("aicheck: evidence copied", 3000);
}
