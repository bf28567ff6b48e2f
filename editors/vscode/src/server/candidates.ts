/** Where a server may be: the places in their order, without looking at the disk. */

import * as path from "node:path";
import { foldersOf } from "./environment";

export interface Places {
  /** The setting `aicheck.server.path`, or nothing. */
  setting: string;
  /** The workspace's folders whose programs may be run: none where it is not trusted. */
  folders: readonly string[];
  /** The interpreter that the Python extension uses for the workspace, if that is known and may be run. */
  interpreter: string | undefined;
  /** The environment variable PATH. */
  searchPath: string;
  /** Where *Install Server* puts its own environment. */
  storage: string;
  /** The extension's own folder, which may bring a copy along. */
  extension: string;
  windows: boolean;
  /** The setting `aicheck.importStrategy`. */
  strategy: Strategy;
}

/** Which server is taken first: the one that the extension brings, or one that is installed. */
export type Strategy = "useBundled" | "fromEnvironment";

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
  /** The extension's own, wherever that is: a window on the home folder has it inside. */
  ours?: boolean;
}

/** The source of the server that the package brings. */
export const BUNDLED = "the copy in the extension";
const ENVIRONMENTS = [".venv", "venv", ".env", "env"];

/** The candidates, best first. A setting stands alone: a wrong one is a mistake to be told of. */
export function candidates(places: Places): Candidate[] {
  if (places.setting) {
    return [{ program: places.setting, source: "the setting aicheck.server.path" }];
  }
  const [brought, there] = [bundled(places), installed(places)];
  return places.strategy === "fromEnvironment" ? [...there, ...brought] : [...brought, ...there];
}

/** What is installed on this machine: in the workspace's environment, on the PATH, by the extension. */
function installed(places: Places): Candidate[] {
  const name = places.windows ? "aicheck.exe" : "aicheck";
  const bin = places.windows ? "Scripts" : "bin";
  const found: Candidate[] = places.folders.flatMap((folder) =>
    ENVIRONMENTS.map((one) => ({ program: path.join(folder, one, bin, name), source: `the workspace's ${one}` })),
  );
  if (places.interpreter) {
    found.push({
      program: path.join(path.dirname(places.interpreter), name),
      source: "the Python extension's choice",
    });
  }
  found.push(
    ...foldersOf(places.searchPath).map((folder) => ({ program: path.join(folder, name), source: "the PATH" })),
    {
      program: path.join(places.storage, "server", bin, name),
      source: "the copy that the extension installed",
      ours: true,
    },
  );
  return found;
}

/** The libraries that the package brings along (bundle.py), for whatever Python there is. */
function bundled(places: Places): Candidate[] {
  const libraries = path.join(places.extension, "bundled", "libs");
  const python = places.windows ? "python.exe" : "python3";
  const chosen = places.interpreter ? [places.interpreter] : [];
  const onPath = foldersOf(places.searchPath).map((folder) => path.join(folder, python));
  return [...chosen, ...onPath].map((program) => ({
    program,
    source: BUNDLED,
    // -P: -c alone would import from the working folder first. The libraries are no folder of the workspace.
    // The compiled modules first: a Python that they were not made for is none, and says so before it is chosen.
    before: ["-P", "-c", "import msgspec, tree_sitter; from aicheck_app.cli.main import main; main()"],
    environment: {
      PYTHONPATH: libraries,
      PATH: [path.join(libraries, "bin"), places.searchPath].join(places.windows ? ";" : ":"),
    },
    needs: path.join(libraries, "aicheck_app"),
  }));
}
