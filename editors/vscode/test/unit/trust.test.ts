import { expect, test } from "vitest";
import { withTrust } from "../../src/server/trust";

const HOSTILE = { scope: "all", tools: ["eslint"], deep: true, trusted: true };

test("nothing of an untrusted workspace is run, whatever the settings say", () => {
  const told = { scope: "all", tools: [], deep: false, trusted: false };
  expect(withTrust(HOSTILE, false)).toEqual(told);
  for (const trusted of [{ a: true }, "true", 1, null, [true]]) {
    expect(withTrust({ ...HOSTILE, trusted }, false)).toEqual(told);
  }
});

test.each([null, undefined, "true", 1])("settings that are %s are none", (settings) => {
  expect(withTrust(settings, false)).toEqual({ tools: [], deep: false, trusted: false });
  expect(withTrust(settings, true)).toEqual({ trusted: true });
});

test("a trusted workspace's settings hold, and it is trusted whatever they say", () => {
  expect(withTrust({ ...HOSTILE, trusted: false }, true)).toEqual(HOSTILE);
});
