/** Where the server is installed from; knows nothing of the editor. */

import * as path from "node:path";
import { isInside } from "./inside";

/** An encrypted or local address. Neither its host nor a revision begins with a dash, which git would take for an option. */
const ADDRESS = /^(git\+)?(https|ssh|file):\/\/(?!-)(?!\S*@-)\S+$/;
/** `name[extras] @ ` before an address. */
const NAMED = /^[\w.-]+(\[[\w.,-]+\])?\s*@\s*(?=\S)/;
const WANTED = "give the absolute path of a clone of aicheck or of a wheel, or an address like git+https://HOST/PATH";

/** Why this is nothing to install from, for a person; undefined if it is. Nothing in a `forbidden` folder is. */
export function refusal(source: string, forbidden: readonly string[]): string | undefined {
  if (localPaths(source).some((place) => isInside(place, forbidden))) {
    return "This is in the workspace, which is not trusted: building it would run its code.";
  }
  if (path.isAbsolute(source) || ADDRESS.test(source.replace(NAMED, ""))) {
    return undefined;
  }
  return /^[A-Za-z0-9][\w.-]*(\[.*\])?\s*([<>=!~].*)?$/.test(source)
    ? `'${source}' is only a name. Whoever registers it in a package index decides what is installed: ${WANTED}.`
    : `Nothing to install from: ${WANTED}.`;
}

/** The paths that pip may take a source for: with and without extras, a revision or a fragment. */
function localPaths(source: string): string[] {
  const address = /^(?:git\+)?file:\/\/[^/]*(.*)$/.exec(source.replace(NAMED, ""))?.[1];
  const place = address === undefined ? source : decoded(address);
  return [place, place.replace(/[[#].*$/, ""), place.replace(/[@[#][^/]*$/, "")].filter((one) => path.isAbsolute(one));
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
