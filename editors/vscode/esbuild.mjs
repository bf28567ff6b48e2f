import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
});

// What "Install Server" installs from: this clone, unless whoever builds the package names a wheel or an address.
writeFileSync("dist/source.json", JSON.stringify({ from: process.env.AICHECK_SOURCE ?? resolve("../..") }));

// The package has no docs/ above it: it brings the pictures that its own page shows.
const page = readFileSync("README.md", "utf8");
mkdirSync("dist/images", { recursive: true });
for (const [, name] of page.matchAll(/docs\/images\/([\w.-]+)/g)) {
  copyFileSync(`../../docs/images/${name}`, `dist/images/${name}`);
}
writeFileSync("dist/README.md", page.replaceAll("../../docs/images/", "dist/images/"));
