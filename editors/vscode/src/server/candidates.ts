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
  /** Arguments that make the program the server, where it is a Python. */
  before?: string[];
  /** Variables of its environment. */
  environment?: Record<string, string>;
  /** What must be there besides the program. */
  needs?: string;
}

const ENVIRONMENTS = [".venv", "venv", ".env", "env"];

/** The candidates, best first. A setting stands alone: a wrong one is a mistake to be told of. */
export function candidates(places: Places): Candidate[] {
  if (places.setting) {
    return [{ program: places.setting, source: "the setting aicheck.server.path" }];
  }
  const name = places.windows ? "aicheck.exe" : "aicheck";
  const bin = places.windows ? "Scripts" : "bin";
  const onPath = folders(places);
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
  found.push(
    ...onPath.map((folder) => ({ program: path.join(folder, name), source: "the PATH" })),
    { program: path.join(places.storage, "server", bin, name), source: "the copy that the extension installed" },
    ...bundled(places, onPath),
  );
  return found;
}

/** The folders of the PATH; without those of a workspace that is not trusted. */
function folders({ searchPath, folders: roots, trusted, windows }: Places): string[] {
  const inside = (folder: string): boolean =>
    roots.some((root) => folder === root || folder.startsWith(root + path.sep));
  return searchPath
    .split(windows ? ";" : ":")
    .filter((folder) => path.isAbsolute(folder) && (trusted || !inside(folder)));
}

/** The libraries that a package for one platform brings along (npm run bundle), for whatever Python there is. */
function bundled(places: Places, onPath: readonly string[]): Candidate[] {
  const libraries = path.join(places.extension, "bundled", "libs");
  const python = places.windows ? "python.exe" : "python3";
  const chosen = places.trusted && places.interpreter ? [places.interpreter] : [];
  return [...chosen, ...onPath.map((folder) => path.join(folder, python))].map((program) => ({
    program,
    source: "the copy in the extension",
    before: ["-c", "from aicheck_app.cli.main import main; main()"],
    environment: {
      PYTHONPATH: libraries,
      PATH: [path.join(libraries, "bin"), places.searchPath].join(places.windows ? ";" : ":"),
    },
    needs: path.join(libraries, "aicheck_app"),
  }));
}
