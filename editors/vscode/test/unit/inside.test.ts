import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, expect, test } from "vitest";
import { isInside } from "../../src/server/inside";

const home = realpathSync(mkdtempSync(path.join(tmpdir(), "aicheck-inside-")));
const at = (...names: string[]): string => path.join(home, ...names);
for (const folder of ["work/bin", "workshop", "own", "linked"]) {
  mkdirSync(at(folder), { recursive: true });
}
symlinkSync(at("work/bin"), at("own/bin"));
symlinkSync(at("work"), at("alias"));
symlinkSync(at("work/later"), at("own/later"));
symlinkSync(at("own"), at("work/out"));
symlinkSync(at("own/round"), at("own/round"));

afterAll(() => {
  rmSync(home, { recursive: true });
});

test.each([
  ["work", "the folder itself"],
  ["work/bin/aicheck", "what is in it"],
  ["work/none/aicheck", "what may be in it later"],
  ["own/../work/bin", "a way round"],
  ["own/bin/aicheck", "a link into it"],
  ["own/later", "a link to what is not there yet"],
  ["alias/bin", "a link to it"],
  ["WORK/bin", "another case, where that is the same folder"],
  ["work/out/aicheck", "a link of its own that leads out"],
])("%s is inside: %s", (place) => {
  expect(isInside(`${home}/${place}`, [at("work")])).toBe(true);
});

test("the root may be named by a link, too", () => {
  expect(isInside(at("work/bin"), [at("alias")])).toBe(true);
});

test.each(["workshop", "own", "linked/work", "", "own/other", "own/round"])("'%s' is not inside", (place) => {
  expect(isInside(at(place), [at("work")])).toBe(false);
  expect(isInside(at("work"), [])).toBe(false);
});
