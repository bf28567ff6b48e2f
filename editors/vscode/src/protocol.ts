/** What server and extension say to each other beyond LSP: docs/editors.md. */

export interface Finding {
  code: string;
  message: string;
  line: number;
  column: number;
  severity: string;
  confidence: string;
}

/** A record of the log; what is not known of an output is not there. */
export interface OutputRecord {
  id: string;
  time: string;
  verdict: "clean" | "suspect" | "unchecked";
  agent?: string;
  model?: string;
  attribution?: string;
  path?: string;
  tool?: string;
  reason?: string;
  findings?: Finding[];
  mark?: string;
}

export interface Status {
  outputs: number;
  suspect: number;
  verdict: string;
  uri: string;
}

/** Parameters of `aicheck/output`. */
export interface OutputParams {
  uri: string;
  version: number;
  range: { start: Position; end: Position };
  agent: string;
  model: string;
  kind: "completion" | "chat" | "paste";
}

export interface Position {
  line: number;
  character: number;
}
