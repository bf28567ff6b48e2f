/** The language client: one server for the window, started again where it crashed. */

import * as vscode from "vscode";
import type { LanguageClient, LanguageClientOptions, Middleware, ServerOptions } from "vscode-languageclient/node";
import type { StepBack } from "../findings/stepBack";
import type { Agent, Hidden, OutputParams, OutputRecord, Status } from "../protocol";
import { notice } from "../views/visible";
import { type Server, find } from "./find";

/** Where text is looked at; the last one is a notebook's cell. */
export const SCHEMES = ["file", "untitled", "vscode-notebook-cell"];
/** Crashes within three minutes after which it is not started again by itself. */
const MAX_RESTARTS = 5;

/** So many notifications wait for the server's start. */
const MAX_WAITING = 50;

/** The server as the rest of the extension sees it. */
export class Client {
  readonly onStatus: vscode.Event<Status>;
  readonly onRunning: vscode.Event<boolean>;
  readonly onHidden: vscode.Event<Hidden>;
  server: Server | undefined;
  isRunning = false;
  private client: LanguageClient | undefined;
  /** What was told while the server was starting: text may come in the first seconds too. */
  private waiting: { method: string; params: unknown }[] = [];
  private turn: Promise<void> = Promise.resolve();
  private readonly status = new vscode.EventEmitter<Status>();
  private readonly running = new vscode.EventEmitter<boolean>();
  private readonly hidden = new vscode.EventEmitter<Hidden>();

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
    private readonly middleware: Middleware,
    private readonly twins: StepBack,
  ) {
    this.onStatus = this.status.event;
    this.onRunning = this.running.event;
    this.onHidden = this.hidden.event;
  }

  /** Find a server and start it, after the start that is under way; throws NoServer, or what the server's start threw. */
  async start(): Promise<void> {
    const turn = this.turn.then(() => this.startNow());
    this.turn = turn.catch(() => undefined);
    await turn;
  }

  private async startNow(): Promise<void> {
    await this.stop();
    this.server = await find(this.context);
    // Loading it takes longer than all else at activation, so it waits for the server's turn.
    const { LanguageClient, State, TransportKind } = await import("vscode-languageclient/node");
    this.log.info(`aicheck ${this.server.version}: ${this.server.program} (${this.server.source})`);
    const { program, before } = this.server;
    const { cwd, env } = this.server.start;
    const run: ServerOptions = {
      command: program,
      args: [...(before ?? []), "lsp"],
      transport: TransportKind.stdio,
      options: { cwd, env },
    };
    const client = new LanguageClient("aicheck", "aicheck", run, this.options());
    this.client = this.twins.client = client;
    client.onDidChangeState(({ newState }) => {
      const isRunning = client === this.client && newState === State.Running;
      this.isRunning = isRunning;
      this.running.fire(isRunning);
      if (isRunning) {
        void this.today().then((status) => {
          this.status.fire(status);
        });
      }
    });
    client.onNotification("aicheck/status", (status: Status) => {
      this.status.fire(status);
    });
    client.onNotification("aicheck/hidden", (told: Hidden) => {
      this.hidden.fire(told);
    });
    client.onNotification("window/showMessage", show);
    await client.start();
    for (const { method, params } of this.waiting.splice(0)) {
      await this.notify(method, params);
    }
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client?.needsStop() === true) {
      await client.stop().catch((error: unknown) => {
        this.log.warn(`the server did not end by itself: ${String(error)}`);
      });
    }
  }

  /** Today's numbers. */
  async today(): Promise<Status> {
    return { ...(await this.execute<Omit<Status, "uri">>("aicheck.status")), uri: "" };
  }

  /** This text is AI-written. */
  async output(params: OutputParams): Promise<void> {
    await this.notify("aicheck/output", params);
  }

  /** The user copied this text: where it is inserted, it is no output. */
  async own(text: string): Promise<void> {
    await this.notify("aicheck/own", { text });
  }

  /** The newest outputs of the log, newest first; none while no server runs. */
  async outputs(limit: number): Promise<OutputRecord[]> {
    return this.isRunning ? this.execute<OutputRecord[]>("aicheck.showLog", limit) : [];
  }

  /** The agents that are installed on this machine; none while no server runs. */
  async agents(): Promise<Agent[]> {
    return this.isRunning ? this.execute<Agent[]>("aicheck.agents") : [];
  }

  /** Run one of the server's commands. */
  async execute<Result>(command: string, ...args: unknown[]): Promise<Result> {
    if (!this.client || !this.isRunning) {
      throw new Error("aicheck's server is not running");
    }
    return await this.client.sendRequest("workspace/executeCommand", { command, arguments: args });
  }

  private async notify(method: string, params: unknown): Promise<void> {
    if (this.client && this.isRunning) {
      await this.client.sendNotification(method, params);
    } else if (this.waiting.length < MAX_WAITING) {
      this.waiting.push({ method, params });
    }
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: SCHEMES.map((scheme) => ({ scheme })),
      outputChannel: this.log,
      traceOutputChannel: this.log,
      connectionOptions: { maxRestartCount: MAX_RESTARTS },
      middleware: this.middleware,
      initializationOptions: { hidden: true },
    };
  }
}

/** A message of the server; it may quote names of files and settings. */
function show({ type, message }: { type: number; message: string }): void {
  const { showErrorMessage, showWarningMessage, showInformationMessage } = vscode.window;
  const told = type === 1 ? showErrorMessage : type === 2 ? showWarningMessage : showInformationMessage;
  void told(notice(message));
}
