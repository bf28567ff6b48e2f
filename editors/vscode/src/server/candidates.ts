/** Where a server may be: the places in their order, without looking at the disk. */

import * as path from "node:path";

export interface Places {
  /** The setting `aicheck.server.path`, or nothing. */
  setting: string;
  folders: readonly string[];
  /** The interpreter that the Python extension uses for the workspace, if that is known. */
  interpreter: string | undefined;
  /** The environment variable PATH. */
  searchPath: string;
  /** Where *Install Server* puts its own environment. */
  storage: string;
  /** The extension's own folder, which may bring a copy along. */
  extension: string;
  /** Whether the workspace's own programs may be run. */
  trusted: boolean;
  windows: boolean;
}

export interface Candidate {
  program: string;
  /** What a person is told. */
  source: string;
}

const ENVIRONMENTS = [".venv", "venv", ".env", "env"];

/** The candidates, best first. A setting stands alone: a wrong one is a mistake to be told of. */
export function candidates(places: Places): Candidate[] {
  if (places.setting) {
    return [{ program: places.setting, source: "the setting aicheck.server.path" }];
  }
  const name = places.windows ? "aicheck.exe" : "aicheck";
  const bin = places.windows ? "Scripts" : "bin";
  const found: Candidate[] = [];
  if (places.trusted) {
    for (const folder of places.folders) {
      for (const environment of ENVIRONMENTS) {
        found.push({ program: path.join(folder, environment, bin, name), source: `the workspace's ${environment}` });
      }
    }
    if (places.interpreter) {
      found.push({
        program: path.join(path.dirname(places.interpreter), name),
        source: "the Python extension's choice",
      });
    }
  }
  for (const folder of places.searchPath.split(places.windows ? ";" : ":").filter((one) => path.isAbsolute(one))) {
    if (places.trusted || !places.folders.some((root) => folder === root || folder.startsWith(root + path.sep))) {
      found.push({ program: path.join(folder, name), source: "the PATH" });
    }
  }
  found.push({
    program: path.join(places.storage, "server", bin, name),
    source: "the copy that the extension installed",
  });
  found.push({ program: path.join(places.extension, "bundled", bin, name), source: "the copy in the extension" });
  return found;
}
