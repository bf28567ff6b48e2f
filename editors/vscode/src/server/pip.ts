/** Making an environment and installing into it; knows nothing of the editor. */

import * as path from "node:path";
import { type Start, onPath, run } from "./programs";

const WINDOWS = process.platform === "win32";
const PYTHONS = WINDOWS ? ["py", "python"] : ["python3", "python"];
const IS_NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))";

/** Make an environment and install a source into it; throws an Error with what went wrong. `tell` is told each command. */
export async function installInto(
  folder: string,
  source: string,
  start: Start,
  tell: (command: string) => void,
): Promise<void> {
  const told = async (program: string, ...args: string[]): Promise<string> => {
    tell([program, ...args].join(" "));
    return run(program, args, start);
  };
  await makeEnvironment(folder, start, told);
  const python = path.join(folder, WINDOWS ? "Scripts/python.exe" : "bin/python");
  // -I: pip itself and what it imports are not looked for in the working folder. After -- nothing is an option.
  await told(python, "-I", "-m", "pip", "install", "--upgrade", "--", source);
}

type Run = (program: string, ...args: string[]) => Promise<string>;

async function makeEnvironment(folder: string, start: Start, told: Run): Promise<void> {
  for (const python of await onPath(PYTHONS, start)) {
    try {
      await told(python, "-I", "-c", IS_NEW_ENOUGH);
    } catch {
      continue;
    }
    await told(python, "-I", "-m", "venv", folder);
    return;
  }
  const [uv] = await onPath(["uv"], start);
  if (uv === undefined) {
    throw new Error("neither Python 3.11 or newer nor uv was found on the PATH");
  }
  await told(uv, "venv", "--no-config", "--seed", "--python", ">=3.11", folder); // fetches a Python, if need be
}
