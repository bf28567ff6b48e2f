import { existsSync, readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);

interface Setting {
  description?: string;
  markdownDescription?: string;
  default: unknown;
  scope: string;
}

interface Manifest {
  contributes: {
    walkthroughs: { steps: { media: { image?: string; markdown?: string } }[] }[];
    commands: { command: string; title: string }[];
    configuration: { properties: Record<string, Setting> };
  };
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
}

const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as Manifest;
const sources = readdirSync(new URL("src", root), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(new URL(`src/${name}`, root), "utf8"))
  .join("\n");

test("each command is registered, and the other way round", () => {
  const declared = manifest.contributes.commands.map((one) => one.command).sort();
  const registered = [...sources.matchAll(/^ {4}"(aicheck\.[\w.]+)":/gm)].map((match) => match[1]).sort();
  expect(registered).toEqual(declared);
});

test("each picture of the walkthrough is shown on the extension's page too, and so is in the package", () => {
  const page = readFileSync(new URL("README.md", root), "utf8");
  const steps = manifest.contributes.walkthroughs.flatMap((one) => one.steps);
  for (const { media } of steps) {
    const picture = media.image?.replace("dist/images/", "../../docs/images/");
    expect(picture === undefined || page.includes(`](${picture})`), media.image).toBe(true);
    expect(existsSync(new URL(picture ?? media.markdown ?? "none", root)), media.markdown).toBe(true);
  }
});

test("each setting says what it does, and they are those that the server knows", () => {
  const settings = Object.entries(manifest.contributes.configuration.properties);
  for (const [name, setting] of settings) {
    expect(setting.description ?? setting.markdownDescription, name).toBeTruthy();
  }
  const own = /^aicheck\.(server\.|trace\.|importStrategy$)/;
  const names = settings.map(([name]) => name).filter((name) => !own.test(name));
  const known = [
    ...tuple("../../lsp_server/aicheck_lsp/options.py", "_OWN").filter((key) => key !== "trusted"), // said by the editor
    // what agents are told, and what commands alone ask
    ...tuple("../../app/aicheck_app/config.py", "KEYS").filter(
      (key) => !["hook", "rules", "false-alarms"].includes(key),
    ),
  ].map((key) => `aicheck.${key.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}`);
  expect(names.sort()).toEqual(known.sort());
});

test("a workspace sets no program and no source; without trust neither what runs nor what is kept", () => {
  const { properties } = manifest.contributes.configuration;
  expect(properties["aicheck.importStrategy"]).toMatchObject({ scope: "machine" });
  for (const name of ["aicheck.server.path", "aicheck.server.installFrom"]) {
    expect(properties[name], name).toMatchObject({ scope: "machine", default: "" });
  }
  expect(properties).not.toHaveProperty(["aicheck.trusted"]);
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  const kept = ["aicheck.log", "aicheck.excerpt", "aicheck.paths"];
  const run = [
    "aicheck.server.path",
    "aicheck.importStrategy",
    "aicheck.server.installFrom",
    "aicheck.deep",
    "aicheck.tools",
  ];
  expect([supported, ...restrictedConfigurations.sort()]).toEqual(["limited", ...[...run, ...kept].sort()]);
});

test("nothing of a record is rendered: no Markdown of ours, no preview, no message that may hold links", () => {
  expect(sources).not.toMatch(/new vscode\.MarkdownString|markdown\.showPreview/);
  const calls = sources.match(/show(?:Error|Warning|Information)Message\(\s*.{8}/g) ?? [];
  expect(calls.length).toBeGreaterThan(4);
  expect(calls.filter((call) => !/\((\s*)(notice\(|"\w)/.test(call))).toEqual([]);
});

/** A tuple of strings in one of the server's files. */
function tuple(file: string, name: string): string[] {
  const source = readFileSync(new URL(file, root), "utf8");
  const words = new RegExp(`^${name} = \\(([^)]*)\\)`, "m").exec(source)?.[1] ?? "";
  return [...words.matchAll(/"([^"]+)"/g)].flatMap((match) => match[1] ?? []);
}
