import { expect, test } from "vitest";
import { BUNDLED, type Candidate, type Places, candidates } from "../../src/server/candidates";

const PLACES: Places = {
  setting: "",
  folders: ["/w"],
  interpreter: "/envs/a/bin/python",
  searchPath: "/usr/bin:relative:/w/node_modules/.bin",
  storage: "/storage",
  extension: "/extension",
  windows: false,
  strategy: "fromEnvironment",
};

function programs(places: Partial<Places>): string[] {
  return candidates({ ...PLACES, ...places }).map((one) => one.program);
}

test("the workspace's environment comes before the PATH, and what the extension has comes last", () => {
  expect(programs({})).toEqual([
    "/w/.venv/bin/aicheck",
    "/w/venv/bin/aicheck",
    "/w/.env/bin/aicheck",
    "/w/env/bin/aicheck",
    "/envs/a/bin/aicheck",
    "/usr/bin/aicheck",
    "/w/node_modules/.bin/aicheck",
    "/storage/server/bin/aicheck",
    "/envs/a/bin/python",
    "/usr/bin/python3",
    "/w/node_modules/.bin/python3",
  ]);
});

test("by default the copy that the package brings comes first", () => {
  const byDefault = candidates({ ...PLACES, strategy: "useBundled" });
  expect(byDefault[0]).toMatchObject({ program: "/envs/a/bin/python", source: BUNDLED });
  const sorted = (found: Candidate[]): string[] => found.map((one) => one.program).sort();
  expect(sorted(byDefault)).toEqual(sorted(candidates(PLACES)));
  expect(byDefault.at(-1)?.program).toBe("/storage/server/bin/aicheck");
});

test("a setting stands alone", () => {
  expect(candidates({ ...PLACES, setting: "/x/aicheck" })).toEqual([
    { program: "/x/aicheck", source: "the setting aicheck.server.path" },
  ]);
});

test("without a trusted workspace there is only what is elsewhere", () => {
  expect(programs({ folders: [], interpreter: undefined, searchPath: "/usr/bin" })).toEqual([
    "/usr/bin/aicheck",
    "/storage/server/bin/aicheck",
    "/usr/bin/python3",
  ]);
});

test("a Python runs the libraries that the package brings, if it brings any", () => {
  const last = candidates(PLACES).at(-1);
  expect(last?.needs).toBe("/extension/bundled/libs/aicheck_app");
  expect(last?.environment?.["PYTHONPATH"]).toBe("/extension/bundled/libs");
  expect(last?.environment?.["PATH"]).toBe("/extension/bundled/libs/bin:/usr/bin:relative:/w/node_modules/.bin");
});
