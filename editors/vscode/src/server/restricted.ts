/** What the server is told in a workspace that is not trusted; knows nothing of the editor. */

/** The settings without what runs the workspace's own programs; they come before the workspace's settings file. */
export function restricted(settings: unknown): unknown {
  return { ...(typeof settings === "object" ? settings : {}), tools: [], deep: false };
}
