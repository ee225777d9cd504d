import type { GenerateOptions } from "./generate.ts";
import { generatedLines, type Layout } from "./layouts.ts";

/** A trace that lies in the folder `traces/`, and how it was made. */
export type BundledTrace = GenerateOptions & {
  readonly name: string;
  /** Its path from the root of the repository. */
  readonly file: string;
  readonly format: Layout;
};

/** The bundled traces: generated, small, and the same bytes whenever they are generated again. */
export const bundledTraces: readonly BundledTrace[] = [
  {
    name: "conversation-1k",
    file: "traces/conversation-1k.jsonl",
    format: "mooncake",
    shape: "mooncake-conversation",
    seed: 1,
    requests: 1000,
  },
  {
    name: "code-1k",
    file: "traces/code-1k.csv",
    format: "azure-2023",
    shape: "azure-code",
    seed: 2,
    requests: 1000,
  },
  {
    name: "sessions-1k",
    file: "traces/sessions-1k.jsonl",
    format: "rackproof",
    shape: "sessions",
    seed: 3,
    requests: 1000,
  },
];

/** The lines of a bundled trace, line ends included: put together, they are its file. */
export const bundledLines = (bundled: BundledTrace): Iterable<string> =>
  generatedLines(bundled, bundled.format);
