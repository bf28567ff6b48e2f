import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);

interface Manifest {
  contributes: {
    commands: { command: string; title: string }[];
    configuration: { properties: Record<string, { description?: string; markdownDescription?: string }> };
  };
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

test("each setting says what it does, and the server knows it", () => {
  const server = readFileSync(new URL("../../lsp_server/aicheck_lsp/options.py", root), "utf8");
  const config = readFileSync(new URL("../../app/aicheck_app/config.py", root), "utf8");
  for (const [name, setting] of Object.entries(manifest.contributes.configuration.properties)) {
    expect(setting.description ?? setting.markdownDescription, name).toBeTruthy();
    const key = name.split(".")[1] ?? "";
    const spelled = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(server.includes(`"${key}"`) || config.includes(`"${spelled}"`), name).toBe(true);
  }
});
