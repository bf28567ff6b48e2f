import { expect, test } from "vitest";
import { environment, foldersOf } from "../../src/server/environment";

const GIVEN = {
  HOME: "/w",
  LANG: "C.UTF-8",
  PATH: "/usr/bin::.:bin:/w/.venv/bin:/W/bin:/bin",
  PYTHONPATH: "src",
  PYTHONHOME: "/opt/python",
  PYTHONSTARTUP: "/w/start.py",
  PYTHONWARNINGS: "error::evil.Warning",
  VIRTUAL_ENV: "/w/.venv",
  PIP_CONFIG_FILE: "/w/pip.conf",
  PIP_FIND_LINKS: "https://index.example.org file:///w/wheels",
  NODE_OPTIONS: "--max-old-space-size=512 --require=/w/evil.js",
  LD_LIBRARY_PATH: "/usr/lib:",
  LD_PRELOAD: "/usr/lib/libfine.so",
  GIT_SSH_COMMAND: "ssh -F '/w/ssh config'",
  AICHECK_HOME: "/w/.aicheck",
  COLORTERM: "truecolor",
};

test("of an untrusted workspace's environment nothing is left that leads into it, or loads from anywhere", () => {
  expect(environment(GIVEN, ["/w"])).toEqual({
    HOME: "/w",
    LANG: "C.UTF-8",
    PATH: "/usr/bin:/bin",
    LD_PRELOAD: "/usr/lib/libfine.so",
    COLORTERM: "truecolor",
    PYTHONSAFEPATH: "1",
  });
});

test("a trusted one's is as it was, but for folders of a PATH that depend on where one is", () => {
  const path = "/usr/bin:/w/.venv/bin:/W/bin:/bin";
  expect(environment(GIVEN, [])).toEqual({ ...GIVEN, PATH: path, PYTHONSAFEPATH: "1" });
});

test("a PATH of any spelling is the PATH", () => {
  expect(environment({ Path: "/usr/bin:bin" }, [])).toEqual({ PATH: "/usr/bin", PYTHONSAFEPATH: "1" });
  expect(foldersOf("")).toEqual([]);
});
