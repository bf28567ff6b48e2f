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
  /** What changed of late, and since when; servers before 0.1 do not tell. */
  changed?: string[];
}

/** A document as it was opened has problems that its scope does not show. */
export interface Hidden {
  uri: string;
  findings: number;
}

/** An agent that is installed on this machine; `name` is what `aicheck init` calls it. */
export interface Agent {
  name: string;
  title: string;
  hooked: boolean;
}

/** Which finding is meant by `aicheck.dismiss`: where it was when it was logged (from 0), or in a document. */
export interface Place {
  uri?: string;
  code: string;
  line: number;
  character: number;
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
