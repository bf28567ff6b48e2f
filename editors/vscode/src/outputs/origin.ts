/**
 * Whose change it was, as far as the editor says so: `detailedReason` of a change is a proposed API
 * (textDocumentChangeReason) that only some builds hand out, so nothing depends on it.
 */

export type Origin =
  { whose: "ai"; kind: "completion" | "chat"; agent: string; model: string } | { whose: "own" } | { whose: "unknown" };

const COMPLETIONS = ["inlineCompletionAccept", "inlineCompletionPartialAccept", "inlineEdit"];
const CHATS = ["Chat.applyEdits", "inlineChat.applyEdits", "chat.applyEdits"];
/** Of the editor's own making, by a person's command; "applyEdits" alone may be any extension's. */
const OWN = ["snippet", "suggest", "rename", "codeAction", "formatEditor", "cursor", "undo", "redo", "eolChange"];

/** What a change's reason says; `unknown` where it says nothing or is not there. */
export function originOf(change: object): Origin {
  const reason = (change as { detailedReason?: unknown }).detailedReason;
  if (typeof reason !== "object" || reason === null) {
    return { whose: "unknown" };
  }
  const { source, metadata } = reason as { source?: unknown; metadata?: unknown };
  const told = typeof source === "string" ? source : "";
  const facts = (typeof metadata === "object" && metadata !== null ? metadata : {}) as Record<string, unknown>;
  if (COMPLETIONS.includes(told)) {
    return { whose: "ai", kind: "completion", agent: agentOf(facts), model: modelOf(facts) };
  }
  if (CHATS.includes(told)) {
    return { whose: "ai", kind: "chat", agent: agentOf(facts), model: modelOf(facts) };
  }
  return OWN.includes(told) && facts["kind"] !== "paste" ? { whose: "own" } : { whose: "unknown" };
}

/** The extension that made it, by its name ("GitHub.copilot" is "copilot"). */
function agentOf(facts: Record<string, unknown>): string {
  const extension = facts["$extensionId"] ?? facts["extensionId"] ?? facts["$providerId"];
  return typeof extension === "string" ? (extension.split(".").at(-1) ?? "").toLowerCase() : "";
}

function modelOf(facts: Record<string, unknown>): string {
  const model = facts["$modelId"] ?? facts["modelId"];
  return typeof model === "string" ? model : "";
}
