/** The environment variables of the programs that the extension starts; knows nothing of the editor. */

import * as path from "node:path";
import { isInside } from "./inside";

/** Where the user's own files are. A window on the home folder has them all inside; without them nothing is found again. */
const USERS_OWN = /^(HOME|USERPROFILE|APPDATA|LOCALAPPDATA|TE?MP|TMPDIR|XDG_\w+)$/;
const LIST = process.platform === "win32" ? ";" : ":";

/**
 * The variables without what leads into a forbidden folder (those of a workspace that is not trusted). A terminal's
 * environment, which the editor inherits, may have been set up by the very workspace that it is opened on.
 */
export function environment(given: NodeJS.ProcessEnv, forbidden: readonly string[]): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const [name, value = ""] of Object.entries(given)) {
    const key = name.toUpperCase();
    if (key === "PATH") {
      kept["PATH"] = pathOf(value, forbidden);
    } else if (forbidden.length === 0 || USERS_OWN.test(key) || !(loadsFirst(key, value) || leads(value, forbidden))) {
      kept[name] = value;
    }
  }
  // No Python that is started below puts its working folder before its own modules.
  return { ...kept, PYTHONSAFEPATH: "1" };
}

/** The folders of a PATH. Relative ones would be those of whatever folder a program is started in. */
export function foldersOf(searchPath: string): string[] {
  return searchPath.split(LIST).filter((folder) => path.isAbsolute(folder));
}

function pathOf(value: string, forbidden: readonly string[]): string {
  return foldersOf(value)
    .filter((folder) => !isInside(folder, forbidden))
    .join(LIST);
}

/** Whether it says what an interpreter or a linker loads before a program's own code, by other than absolute paths. */
function loadsFirst(key: string, value: string): boolean {
  const relative = foldersOf(value).length < value.split(LIST).length;
  return key.startsWith("PYTHON") || (/^(LD|DYLD)_/.test(key) && relative);
}

/** Whether a value has a path in it that leads into a forbidden folder. */
function leads(value: string, forbidden: readonly string[]): boolean {
  const words = value.split(/[\s"'=,;]/).flatMap((word) => [word, ...word.split(LIST)]);
  return (
    forbidden.some((root) => value.toLowerCase().includes(root.toLowerCase())) ||
    words.some((word) => path.isAbsolute(word) && isInside(word, forbidden))
  );
}
