/** Starting programs: with their whole path, in a folder of the extension's own; knows nothing of the editor. */

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import * as path from "node:path";
import { foldersOf } from "./environment";
import { isInside } from "./inside";

/** What every program is started with. */
export interface Start {
  /** Never the workspace: interpreters and tools read modules and settings of their working folder. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** The folders of a workspace that is not trusted: none of their programs is run. */
  forbidden: readonly string[];
}

/** Whether a file may be executed. */
export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The programs of these names that may be run, by name and then in the order of the PATH. */
export async function onPath(names: readonly string[], start: Start): Promise<string[]> {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const folders = foldersOf(start.env["PATH"] ?? "");
  const found: string[] = [];
  for (const program of names.flatMap((name) => folders.map((folder) => path.join(folder, name + suffix)))) {
    if ((await isExecutable(program)) && !isInside(program, start.forbidden)) {
      found.push(program);
    }
  }
  return found;
}

/** What a program prints; throws an Error with what it said last. Without `seconds` it may take its time. */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, env }: Start,
  seconds?: number,
): Promise<string> {
  const options = { cwd, env, maxBuffer: 1 << 26, ...(seconds === undefined ? {} : { timeout: seconds * 1000 }) };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, output, errors) => {
      if (error) {
        const said = errors.trim().split("\n").at(-1);
        reject(new Error(said === undefined || said === "" ? error.message : said));
      } else {
        resolve(output);
      }
    });
  });
}
