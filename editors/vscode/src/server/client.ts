/** The language client: one server for the window, started again where it crashed. */

import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  type ServerOptions,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import type { OutputParams, OutputRecord, Status } from "../protocol";
import { type Server, find } from "./find";

/** Crashes within three minutes after which it is not started again by itself. */
const MAX_RESTARTS = 5;

/** The server as the rest of the extension sees it. */
export class Client {
  readonly onStatus: vscode.Event<Status>;
  readonly onRunning: vscode.Event<boolean>;
  server: Server | undefined;
  private client: LanguageClient | undefined;
  private readonly status = new vscode.EventEmitter<Status>();
  private readonly running = new vscode.EventEmitter<boolean>();

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
    private readonly middleware: Middleware,
  ) {
    this.onStatus = this.status.event;
    this.onRunning = this.running.event;
  }

  get isRunning(): boolean {
    return this.client?.state === State.Running;
  }

  /** Find a server and start it; throws NoServer, or what the server's start threw. */
  async start(): Promise<void> {
    await this.stop();
    this.server = await find(this.context);
    this.log.info(`aicheck ${this.server.version}: ${this.server.program} (${this.server.source})`);
    const run: ServerOptions = { command: this.server.program, args: ["lsp"], transport: TransportKind.stdio };
    const client = new LanguageClient("aicheck", "aicheck", run, this.options());
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      const isRunning = newState === State.Running;
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
    await client.start();
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

  /** Run one of the server's commands. */
  async execute<Result>(command: string, ...args: unknown[]): Promise<Result> {
    if (!this.client || !this.isRunning) {
      throw new Error("aicheck's server is not running");
    }
    return (await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args })) as Result;
  }

  private async notify(method: string, params: unknown): Promise<void> {
    if (this.client && this.isRunning) {
      await this.client.sendNotification(method, params);
    }
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: "file" }, { scheme: "untitled" }],
      outputChannel: this.log,
      traceOutputChannel: this.log,
      connectionOptions: { maxRestartCount: MAX_RESTARTS },
      middleware: this.middleware,
    };
  }
}
