import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { InputError, nanos } from "#base";
import type { TraceRequest, TraceSource } from "#trace";
import type { Store } from "../open-store.ts";
import type { StoredTrace } from "../trace-rows.ts";

/** A folder that is gone when the test is over. */
export const scratchFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "rackproof-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A plain request without blocks at `arrivalNs`, with what differs. */
export const aRequest = (arrivalNs = 0, other: Partial<TraceRequest> = {}): TraceRequest => ({
  arrivalNs: nanos(arrivalNs),
  inputTokens: 100,
  outputTokens: 10,
  blocks: new Uint32Array(0),
  session: -1,
  turn: 0,
  delayNs: -1,
  priority: 0,
  model: -1,
  failed: false,
  extra: "",
  ...other,
});

/** A plain source without blocks, models and sessions, with what differs. */
export const aSource = (other: Partial<TraceSource> = {}): TraceSource => ({
  file: "sample.jsonl",
  sha256: "ab".repeat(32),
  sizeBytes: 1000,
  compressed: false,
  format: "mooncake",
  because: "its first line has the fields of the format",
  conventions: {
    blockTokens: 512,
    ids: "chained",
    idScope: "file",
    lastBlock: "partial",
    sessionRows: "none",
    zeroOutput: "plain",
  },
  origin: "0",
  models: [],
  sessions: [],
  blockIds: new BigUint64Array(0),
  importerVersion: 1,
  ...other,
});

/** Imports requests as a trace. */
export const importAs = (
  store: Store,
  name: string,
  requests: readonly TraceRequest[] = [aRequest()],
  source: Partial<TraceSource> = {},
): StoredTrace => {
  const writer = store.importTrace(name, {});
  for (const request of requests) writer.request(request);
  return writer.finish(aSource(source));
};

/** What an action is refused with, `message [code]` a line; what else it throws goes on. */
export const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof InputError) {
      return thrown.issues.map(({ code, message }) => `${message} [${code}]`).join("\n");
    }
    throw thrown;
  }
  return "not refused";
};
