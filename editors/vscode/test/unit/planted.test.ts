/** Each start of a program, really made in a folder of planted modules: none of them is imported. */

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { candidates } from "../../src/server/candidates";
import { environment } from "../../src/server/environment";
import { installInto } from "../../src/server/pip";
import { type Start, onPath, run } from "../../src/server/programs";

const MODULES = [
  "json", "pip", "venv", "ensurepip", "encodings", "site", "sitecustomize", "usercustomize", "os", "re", "io", "codecs",
  "aicheck_app", "aicheck_lsp", "aicheck_checks", "select", "fcntl", "subprocess", "types", "signal", "logging", "tomllib",
  "importlib", "runpy", "click", "msgspec", "pygls", "warnings", "hashlib", "random", "tempfile", "shutil", "typing",
]; // prettier-ignore
const PROGRAMS = ["python3", "python", "aicheck", "uv", "pip", "git"];
const SETTINGS = {
  "pip.conf": "[global]\nno-such-option = 1\nindex-url = file:///nowhere\n",
  "uv.toml": "no-such-key = true\n",
  "pyproject.toml": "[tool.uv]\nno-such-key = true\n",
  "setup.cfg": "[install]\nprefix = /nowhere\n",
  "pyvenv.cfg": "home = /nowhere\n",
  ".python-version": "9.9.9\n",
};

let home: string;
let planted: string;
let witness: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), "aicheck-planted-")));
  planted = path.join(home, "work");
  witness = path.join(home, "ran");
  const code = `open(${JSON.stringify(witness)}, "a").write(__file__ + "\\n")\n`;
  for (const folder of MODULES.map((name) => path.join(planted, name))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "__init__.py"), code);
    writeFileSync(path.join(folder, "__main__.py"), code);
    writeFileSync(`${folder}.py`, code);
  }
  for (const [name, text] of Object.entries(SETTINGS)) {
    writeFileSync(path.join(planted, name), text);
  }
  mkdirSync(path.join(planted, "bin"));
  for (const name of PROGRAMS) {
    const program = path.join(planted, "bin", name);
    writeFileSync(program, `#!/bin/sh\necho ${name} >> '${witness}'\necho aicheck, version 9\n`);
    chmodSync(program, 0o755);
  }
  symlinkSync(path.join(planted, "bin"), path.join(home, "linked"));
  writeFileSync(witness, "");
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

/** A start in the planted folder itself, as if the extension had no other, with the environment of a hostile terminal. */
function start(trusted: boolean): Start {
  const forbidden = trusted ? [] : [planted];
  const hostile = {
    PATH: [
      "",
      ".",
      "bin",
      ...(trusted ? [] : [path.join(planted, "bin"), path.join(home, "linked")]),
      process.env["PATH"],
    ].join(":"),
    PIP_NO_INDEX: "1",
    ...(trusted
      ? {}
      : {
          PYTHONPATH: "",
          PYTHONHOME: planted,
          PYTHONSTARTUP: "json.py",
          PYTHONUSERBASE: ".",
          PIP_CONFIG_FILE: path.join(planted, "pip.conf"),
          UV_CONFIG_FILE: path.join(planted, "uv.toml"),
        }),
  };
  return { cwd: planted, env: environment({ ...process.env, ...hostile }, forbidden), forbidden };
}

function ran(): string {
  return execFileSync("cat", [witness], { encoding: "utf8" });
}

test("the planted modules are imported where nothing guards", () => {
  execFileSync("python3", ["-c", "import json"], { cwd: planted, env: { ...process.env, PYTHONPATH: "" } });
  expect(ran()).toContain(path.join(planted, "json"));
});

test.each([true, false])("the copy in the extension is started, trusted %s", async (trusted) => {
  const extension = path.join(home, "extension");
  const libraries = path.join(extension, "bundled", "libs", "aicheck_app", "cli");
  mkdirSync(libraries, { recursive: true });
  const body =
    "import json, subprocess, select, fcntl, sys\ndef main(): print('aicheck, version 1', sys.argv[1:], sys.path)\n";
  writeFileSync(path.join(libraries, "main.py"), body);
  for (const module of ["msgspec.py", "tree_sitter.py"]) {
    writeFileSync(path.join(libraries, "../..", module), "");
  }
  const own = start(trusted);
  const searchPath = own.env["PATH"] ?? "";
  const [interpreter] = await onPath(["python3"], own);
  const places = {
    setting: "",
    folders: [],
    interpreter,
    searchPath,
    storage: home,
    extension,
    windows: false,
    strategy: "useBundled" as const,
  };
  const bundled = candidates(places).filter((one) => one.before !== undefined && one.program === interpreter);
  expect(bundled.length).toBeGreaterThan(0);
  for (const { program, before, environment } of bundled) {
    const said = await run(program, [...(before ?? []), "--version"], { ...own, env: { ...own.env, ...environment } });
    expect(said).toContain("aicheck, version 1 ['--version']");
    expect(said).not.toContain(`'${planted}'`);
    expect(said).not.toContain("''");
  }
  expect(ran()).toBe("");
});

test.each([true, false])(
  "an environment is made and installed into, trusted %s",
  { timeout: 120_000 },
  async (trusted) => {
    const wheel = standIn(path.join(home, "wheels"));
    const folder = path.join(home, "storage", "server");
    const told: string[] = [];
    await installInto(folder, wheel, start(trusted), (command) => told.push(command));
    expect(told.at(-1)).toBe(`${folder}/bin/python -I -m pip install --upgrade -- ${wheel}`);
    expect(existsSync(path.join(folder, "bin", "aicheck"))).toBe(true);
    expect(ran()).toBe("");
  },
);

test("uv is told to read no settings of the working folder", { timeout: 60_000 }, async () => {
  const fake = path.join(home, "own");
  mkdirSync(fake);
  writeFileSync(path.join(fake, "uv"), `#!/bin/sh\necho "$PWD $@" > '${home}/uv'\nexit 1\n`);
  chmodSync(path.join(fake, "uv"), 0o755);
  const own = { ...start(false), cwd: home, env: { PATH: fake } };
  await expect(installInto(path.join(home, "server"), "/x", own, () => undefined)).rejects.toThrow();
  expect(execFileSync("cat", [`${home}/uv`], { encoding: "utf8" })).toBe(
    `${home} venv --no-config --seed --python >=3.11 ${home}/server\n`,
  );
});

test("no program of the workspace is found, by whatever way the PATH leads there", async () => {
  for (const program of await onPath(PROGRAMS, start(false))) {
    expect(realpathSync(program).startsWith(planted), program).toBe(false);
  }
});

/** A package of one program: it installs without a network. */
function standIn(folder: string): string {
  const wheel = path.join(folder, "standin-1.0-py3-none-any.whl");
  mkdirSync(folder);
  const zip = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("standin-1.0.data/scripts/aicheck", "#!/bin/sh\\n")
    wheel.writestr("standin-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: standin\\nVersion: 1.0\\n")
    wheel.writestr("standin-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("standin-1.0.dist-info/RECORD", "")`;
  execFileSync("python3", ["-I", "-c", zip, wheel]);
  return wheel;
}
