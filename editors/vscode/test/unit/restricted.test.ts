import { expect, test } from "vitest";
import { restricted } from "../../src/server/restricted";

test("nothing of the workspace's is run, whatever its settings say", () => {
  expect(restricted({ scope: "all", tools: ["eslint"], deep: true })).toEqual({ scope: "all", tools: [], deep: false });
  expect(restricted(null)).toEqual({ tools: [], deep: false });
});
