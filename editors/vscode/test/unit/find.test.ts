/** Finding a server in windows with and without trust; the programs are really run. */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type * as vscode from "vscode";
import { find } from "../../src/server/find";

const window = vi.hoisted(() => ({ trusted: false, folder: "", file: "", setting: "", activate: vi.fn() }));

vi.mock("vscode", () => ({
  workspace: {
    get isTrusted() {
      return window.trusted;
    },
    get workspaceFolders() {
      return [{ uri: { fsPath: window.folder } }];
    },
    get workspaceFile() {
      return window.file === "" ? undefined : { scheme: "file", fsPath: window.file };
    },
    getConfiguration: () => ({ get: () => window.setting }),
  },
  extensions: { getExtension: () => ({ activate: window.activate }) },
}));

let home: string;
let context: vscode.ExtensionContext;
const at = (...names: string[]): string => path.join(home, ...names);

beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), "aicheck-find-")));
  for (const folder of ["work/.venv/bin", "work/bin", "repo/sub", "repo/bin", "own", "links"]) {
    mkdirSync(at(folder), { recursive: true });
  }
  for (const folder of ["work/.venv/bin", "work/bin", "repo/bin", "own"]) {
    const told = `echo "${folder} $PWD [$PYTHONPATH] $PYTHONSAFEPATH" >> '${at("ran")}'`;
    writeFileSync(at(folder, "aicheck"), `#!/bin/sh\n${told}\necho aicheck, version 1.2.3\n`, { mode: 0o755 });
  }
  symlinkSync(at("work/bin/aicheck"), at("links/aicheck"));
  symlinkSync(at("work/bin"), at("linked"));
  vi.stubEnv("PATH", ["bin", ".", "", at("work/bin"), at("linked"), at("links"), at("own"), "/bin"].join(":"));
  vi.stubEnv("PYTHONPATH", at("work"));
  process.chdir(at("work"));
  Object.assign(window, { trusted: false, folder: at("work"), file: "", setting: "", activate: vi.fn() });
  context = { globalStorageUri: { fsPath: at("storage") }, extensionPath: at("extension") } as never;
});

afterEach(() => {
  vi.unstubAllEnvs();
  process.chdir(import.meta.dirname);
  rmSync(home, { recursive: true });
});

function ran(): string[] {
  return existsSync(at("ran")) ? readFileSync(at("ran"), "utf8").trim().split("\n") : [];
}

test("in a workspace that is not trusted only what is elsewhere runs, in a folder of the extension's own", async () => {
  const server = await find(context);
  expect([server.program, server.version, server.start.cwd]).toEqual([at("own/aicheck"), "1.2.3", at("storage")]);
  expect(ran()).toEqual([`own ${at("storage")} [] 1`]);
  expect(window.activate).not.toHaveBeenCalled();
});

test("the folder of the workspace's file belongs to it", async () => {
  Object.assign(window, { folder: at("repo/sub"), file: at("repo/x.code-workspace") });
  vi.stubEnv("PATH", `${at("repo/bin")}:${at("own")}`);
  expect((await find(context)).program).toBe(at("own/aicheck"));
  expect(ran().length).toBe(1);
});

test.each([
  ["work/bin/aicheck", "is in a workspace that is not trusted"],
  ["links/aicheck", "is in a workspace that is not trusted"],
  ["linked/aicheck", "is in a workspace that is not trusted"],
])("a setting that leads into it is refused: %s", async (setting, why) => {
  window.setting = at(setting);
  await expect(find(context)).rejects.toThrow(why);
  expect(ran()).toEqual([]);
});

test.each(["aicheck", "./bin/aicheck", "bin/aicheck"])(
  "a setting that depends on where one is is refused: %s",
  async (setting) => {
    Object.assign(window, { setting, trusted: true });
    await expect(find(context)).rejects.toThrow("is no absolute path");
    expect(ran()).toEqual([]);
  },
);

test("in a trusted one its own environment comes first, and still nothing runs in its folder", async () => {
  window.trusted = true;
  const server = await find(context);
  expect(server.program).toBe(at("work/.venv/bin/aicheck"));
  expect(ran()).toEqual([`work/.venv/bin ${at("storage")} [${at("work")}] 1`]);
});

test("the extension's own copy runs, also in a window on the folder that it is in", async () => {
  window.folder = home;
  vi.stubEnv("PATH", "/bin");
  const bin = at("storage/server/bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, "aicheck"), "#!/bin/sh\necho aicheck, version 1.2.3\n", { mode: 0o755 });
  expect((await find(context)).program).toBe(path.join(bin, "aicheck"));
});
