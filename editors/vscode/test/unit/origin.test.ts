import { expect, test } from "vitest";
import { originOf } from "../../src/outputs/origin";

test.each([
  [{}, { whose: "unknown" }],
  [{ detailedReason: null }, { whose: "unknown" }],
  [{ detailedReason: { source: "reloadFromDisk" } }, { whose: "unknown" }],
  [{ detailedReason: { source: "applyEdits" } }, { whose: "unknown" }],
  [{ detailedReason: { source: "cursor", metadata: { kind: "type" } } }, { whose: "own" }],
  [{ detailedReason: { source: "cursor", metadata: { kind: "paste" } } }, { whose: "unknown" }],
  [{ detailedReason: { source: "snippet" } }, { whose: "own" }],
  [
    { detailedReason: { source: "inlineCompletionAccept", metadata: { $extensionId: "GitHub.Copilot" } } },
    { whose: "ai", kind: "completion", agent: "copilot", model: "" },
  ],
  [
    { detailedReason: { source: "Chat.applyEdits", metadata: { $modelId: "gpt-x" } } },
    { whose: "ai", kind: "chat", agent: "", model: "gpt-x" },
  ],
])("%j", (event, origin) => {
  expect(originOf(event)).toEqual(origin);
});
