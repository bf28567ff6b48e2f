/** Whether a path leads into a folder; knows nothing of the editor. */

import { readlinkSync, realpathSync, statSync } from "node:fs";
import * as path from "node:path";

/** As many as Linux follows: beyond them links run in a circle. */
const MAX_LINKS = 40;

/**
 * Whether a place is in one of some folders, by its own name or by where its links lead. Folders are compared by
 * what the file system takes for the same one too: it knows of other case, of mounts and of short names.
 */
export function isInside(place: string, roots: readonly string[]): boolean {
  const known = new Set(roots.flatMap(identities));
  const holds = (folder: string): boolean => identities(folder).some((identity) => known.has(identity));
  return (
    known.size > 0 && [place, real(path.resolve(place))].some((one) => [...upwards(path.resolve(one))].some(holds))
  );
}

/** A path and all that it is in. */
function* upwards(place: string): Generator<string> {
  yield place;
  const above = path.dirname(place);
  if (above !== place) {
    yield* upwards(above);
  }
}

/** What a folder may be told by: its name, in any case and composition, and its number in the file system. */
function identities(folder: string): string[] {
  const name = path.resolve(folder).normalize("NFC").toLowerCase();
  try {
    const { dev, ino } = statSync(folder, { bigint: true });
    return [name, `${dev}:${ino}`];
  } catch {
    return [name]; // not there, or not to be looked at
  }
}

/** Where a path leads, as far as it leads anywhere: what is not there yet may be made later. */
function real(place: string, links = MAX_LINKS): string {
  try {
    return realpathSync.native(place);
  } catch {
    const link = links > 0 ? linkAt(place) : undefined;
    if (link !== undefined) {
      return real(path.resolve(path.dirname(place), link), links - 1);
    }
    const above = path.dirname(place);
    return above === place ? place : path.join(real(above, links), path.basename(place));
  }
}

function linkAt(place: string): string | undefined {
  try {
    return readlinkSync(place);
  } catch {
    return undefined;
  }
}
