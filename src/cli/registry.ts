import type { CommandEntry } from "./command.ts";

/** Every command, in the order of a first day with Rackproof. The one list: help, suggestions and dispatch read it. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "start",
    summary: "Do the main job once: import, replay, prove, audit, report.",
    load: async () => (await import("./commands/start.ts")).start,
  },
  {
    name: "import",
    summary: "Read trace files into the database.",
    load: async () => (await import("./commands/import.ts")).importTraces,
  },
  {
    name: "traces",
    summary: "List the traces in the database.",
    load: async () => (await import("./commands/traces.ts")).traces,
  },
  {
    name: "trace",
    summary: "Measure a trace, and say where it came from.",
    load: async () => (await import("./commands/trace.ts")).trace,
  },
  {
    name: "replay",
    summary: "Replay a trace through the rack, with every invariant watched.",
    load: async () => (await import("./commands/replay.ts")).replayTrace,
  },
  {
    name: "shrink",
    summary: "Cut a run that violates an invariant down to the few requests that do.",
    load: async () => (await import("./commands/shrink.ts")).shrink,
  },
  {
    name: "sweep",
    summary: "Replay a trace at every point of a grid of options, on all cores.",
    load: async () => (await import("./commands/sweep.ts")).sweep,
  },
  {
    name: "runs",
    summary: "List the runs in the database.",
    load: async () => (await import("./commands/runs.ts")).runs,
  },
  {
    name: "compare",
    summary: "Put runs side by side, with their differences.",
    load: async () => (await import("./commands/compare.ts")).compare,
  },
  {
    name: "export-run",
    summary: "Write a run's requests, its series or a picture of it.",
    load: async () => (await import("./commands/export-run.ts")).exportRun,
  },
  {
    name: "verify",
    summary: "Prove the properties: they hold, they met something, and they bite.",
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  {
    name: "audit",
    summary: "Recompute every figure of the document, and say which do not follow.",
    load: async () => (await import("./commands/audit.ts")).audit,
  },
  {
    name: "report",
    summary: "Write what is in the database as CSV and Markdown.",
    load: async () => (await import("./commands/report.ts")).report,
  },
  {
    name: "bench",
    summary: "Measure how quick it is here, beside bounds measured in turns with it.",
    load: async () => (await import("./commands/bench.ts")).bench,
  },
  {
    name: "export",
    summary: "Write a trace as a file.",
    load: async () => (await import("./commands/export.ts")).exportTrace,
  },
  {
    name: "generate",
    summary: "Make a trace of a published or a hard shape.",
    load: async () => (await import("./commands/generate.ts")).generate,
  },
  {
    name: "schema",
    summary: "Print the JSON Schema of what a replay can be given as a file.",
    load: async () => (await import("./commands/schema.ts")).schema,
  },
  {
    name: "catalogue",
    summary: "List the public traces that can be imported.",
    load: async () => (await import("./commands/catalogue.ts")).catalogue,
  },
  {
    name: "remove",
    summary: "Remove a trace and its runs.",
    load: async () => (await import("./commands/remove.ts")).remove,
  },
  {
    name: "issues",
    summary: "List every code of a fault that Rackproof can name, with its rule.",
    load: async () => (await import("./commands/issues.ts")).issues,
  },
];
