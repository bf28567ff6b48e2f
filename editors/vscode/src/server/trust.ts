/** What the server is told of the workspace's trust; knows nothing of the editor. */

/**
 * The settings, whatever their source, with what trust decides. It is set last, so that no value in a workspace's
 * settings can widen it. Without trust no tool of the project runs and no library of it is asked; with it, the
 * repository's own settings file may name them (`trusted`).
 */
export function withTrust(settings: unknown, trusted: boolean): Record<string, unknown> {
  const given = typeof settings === "object" ? settings : {};
  return trusted ? { ...given, trusted } : { ...given, tools: [], deep: false, trusted };
}
