/** A real VS Code workbench: code-server in a home of its own, seen through headless Chromium, asked through the probe. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as net from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Page, chromium } from "playwright-core";

export const ROOT = path.resolve(import.meta.dirname, "../../../..");
const EXTENSION = path.join(ROOT, "editors/vscode");
/** The package that is installed: the one that `npm run package` made, or one of a release. */
const PACKAGE = process.env["AICHECK_VSIX"] ?? path.join(EXTENSION, "aicheck.vsix");
const EDITORS = path.join(ROOT, ".editors/vscode");
const NODE = path.join(EDITORS, "node24/node_modules/node/bin/node");
const CODE_SERVER = path.join(EDITORS, "code-server/node_modules/code-server/out/node/entry.js");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((one) =>
  existsSync(one),
);
/** A loaded machine with two cores. */
export const PATIENCE = 60_000;

/** What keeps a workbench from being started, or nothing. */
export const missing = [
  [NODE, "Node 24"],
  [CODE_SERVER, "code-server"],
  [CHROMIUM ?? "/usr/bin/chromium", "Chromium"],
  [path.join(ROOT, ".venv/bin/aicheck"), "aicheck in .venv"],
]
  .filter(([file]) => !existsSync(file ?? ""))
  .map(([, name]) => `${name ?? ""} is not installed: python3 scripts/setup_editors.py`)[0];

const SETTINGS = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "update.mode": "none",
  "editor.minimap.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "git.enabled": true,
  "aicheck.server.path": path.join(ROOT, ".venv/bin/aicheck"),
  "aicheck.codeLens": true,
};

export class Workbench {
  private constructor(
    readonly folder: string,
    readonly page: Page,
    private readonly server: ChildProcess,
    private readonly socket: string,
  ) {}

  /**
   * Install the packaged extension and the probe, and open a window on `files`. Without `reasons` the extension
   * sees what released builds of VS Code show: they do not say how a change came about, code-server does. Without
   * `bundle` the server that the package brings is taken out.
   */
  static async open(
    files: Record<string, string>,
    settings: Record<string, unknown> = {},
    { reasons = true, bundle = true }: { reasons?: boolean; bundle?: boolean } = {},
  ): Promise<Workbench> {
    const home = mkdtempSync(path.join(tmpdir(), "aicheck-vscode-"));
    const folder = path.join(home, "work");
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    for (const kind of ["User", "Machine"]) {
      // Where the server runs is a setting of the machine; those of the window are the user's.
      mkdirSync(path.join(home, "data", kind), { recursive: true });
      writeFileSync(path.join(home, "data", kind, "settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
    }
    const socket = path.join(home, "probe.sock");
    const environment = {
      ...process.env,
      HOME: home,
      AICHECK_HOME: path.join(home, "aicheck"),
      AICHECK_PROBE: socket,
      EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
    };
    const places = ["--user-data-dir", path.join(home, "data"), "--extensions-dir", path.join(home, "extensions")];
    for (const vsix of [PACKAGE, packedProbe(home)]) {
      execFileSync(NODE, [CODE_SERVER, ...places, "--install-extension", vsix], { env: environment, stdio: "pipe" });
    }
    const [installed] = readdirSync(path.join(home, "extensions")).filter((one) => one.startsWith("aicheck.aicheck-"));
    const extension = path.join(home, "extensions", installed ?? "");
    if (!reasons) {
      blindToReasons(extension);
    }
    if (!bundle) {
      rmSync(path.join(extension, "bundled"), { recursive: true });
    }
    const port = await freePort();
    const flags = ["--auth", "none", "--disable-telemetry", "--disable-update-check"];
    const server = spawn(
      NODE,
      [
        CODE_SERVER,
        "--bind-addr",
        `127.0.0.1:${port}`,
        ...flags,
        "--disable-getting-started-override",
        ...places,
        folder,
      ],
      { env: environment, stdio: "ignore", detached: true },
    );
    try {
      const page = await windowOf(`http://127.0.0.1:${port}`, folder);
      await until(() => Promise.resolve(existsSync(socket)));
      return new Workbench(folder, page, server, socket);
    } catch (error) {
      end(server);
      throw error;
    }
  }

  /** Run a script in the extension host, where `vscode` and `given` are known, and return its result. */
  async run<Result>(script: string, given: unknown = null): Promise<Result> {
    const source = `const given = ${JSON.stringify(given)};\n${script}`;
    const answer = await new Promise<string>((resolve, reject) => {
      let told = "";
      const connection = net.connect(this.socket, () => connection.end(source));
      connection.on("data", (piece) => (told += String(piece)));
      connection.on("end", () => {
        resolve(told);
      });
      connection.on("error", reject);
    });
    const { value, error } = JSON.parse(answer) as { value: Result; error?: string };
    if (error !== undefined) {
      throw new Error(error);
    }
    return value;
  }

  /** Run a script until its result is right. */
  async eventually<Result>(script: string, right: (result: Result) => boolean, given: unknown = null): Promise<Result> {
    let last: Result | undefined;
    await until(async () => {
      last = await this.run<Result>(script, given);
      return right(last);
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; the last answer was ${JSON.stringify(last)}`);
    });
    return last as Result;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** A frame of the window, where it is looked at by a person: docs/images. */
  async picture(name: string): Promise<void> {
    if (process.env["AICHECK_PICTURES"] !== undefined) {
      await this.page.screenshot({ path: path.join(process.env["AICHECK_PICTURES"], name) });
    }
  }

  /** The language servers of this window. */
  servers(): number[] {
    const group = String(this.server.pid);
    const found = spawnSync("pgrep", ["-g", group, "-f", "aicheck lsp"], { encoding: "utf8" }).stdout;
    return found.split("\n").filter(Boolean).map(Number);
  }

  /** Run aicheck on this window's log. */
  aicheck(args: string[], input = ""): string {
    const environment = {
      ...process.env,
      AICHECK_HOME: path.join(path.dirname(this.folder), "aicheck"),
      AICHECK_HOOK_HELPER: "off",
    };
    return execFileSync(path.join(ROOT, ".venv/bin/aicheck"), args, {
      env: environment,
      input,
      encoding: "utf8",
      cwd: this.folder,
    });
  }

  async close(): Promise<void> {
    await this.page.context().browser()?.close();
    end(this.server);
    rmSync(path.dirname(this.folder), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** code-server with all that it started: extension hosts and language servers outlive their page. */
function end(server: ChildProcess): void {
  if (server.pid !== undefined) {
    process.kill(-server.pid, "SIGKILL");
  }
}

/** A browser's window on a folder. */
async function windowOf(address: string, folder: string): Promise<Page> {
  await until(async () => (await fetch(`${address}/healthz`).catch(() => undefined))?.ok === true);
  const browser = await chromium.launch({
    ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "dark" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  await page.goto(`${address}/?folder=${folder}`, { waitUntil: "commit", timeout: PATIENCE });
  await page.waitForSelector(".monaco-workbench", { timeout: PATIENCE });
  return page;
}

export async function until(true_: () => Promise<boolean>, patience = PATIENCE): Promise<void> {
  const late = Date.now() + patience;
  while (!(await true_())) {
    if (Date.now() > late) {
      throw new Error(`not within ${patience / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function blindToReasons(extension: string): void {
  const code = path.join(extension, "dist/extension.js");
  writeFileSync(code, readFileSync(code, "utf8").replaceAll("detailedReason", "notInReleasedBuilds"));
}

function packedProbe(home: string): string {
  const vsix = path.join(home, "probe.vsix");
  const vsce = path.join(EXTENSION, "node_modules/.bin/vsce");
  const flags = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "-o", vsix];
  execFileSync(vsce, ["package", ...flags], { cwd: path.join(EXTENSION, "test/e2e/probe"), stdio: "pipe" });
  return vsix;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
