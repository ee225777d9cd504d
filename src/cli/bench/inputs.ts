import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  type GenerateOptions,
  generatedLines,
  hashFile,
  readTrace,
  type TraceRequest,
  type TraceSource,
  writeTrace,
} from "#trace";
import { writeLines } from "../output.ts";
import { PLACES } from "../places.ts";
import type { World } from "../world.ts";

/** A trace file that was measured with, as a report names it. */
export type InputFile = {
  readonly file: string;
  /** Where it is from: given, or generated and how. */
  readonly origin: string;
  readonly rows: number;
  readonly size_bytes: number;
  readonly sha256: string;
};

/** The trace that is imported and replayed, also as requests in memory. */
export type Conversation = {
  readonly path: string;
  readonly file: InputFile;
  readonly requests: readonly TraceRequest[];
  readonly blockTokens: number | null;
  readonly blockRefs: number;
  readonly distinctBlocks: number;
  readonly models: readonly string[];
  readonly source: TraceSource;
};

/** Where the public trace is looked for: beside the clone. */
const PUBLIC = join(PLACES.root, "..", "shared", "traces", "mooncake-conversation.jsonl");

const write = async (
  world: World,
  path: string,
  options: GenerateOptions,
  layout: "mooncake" | "azure-2023",
): Promise<string> => {
  await writeLines(world, path, generatedLines(options, layout));
  return `generated: ${options.shape} in the layout of ${layout}, ${options.requests} requests, seed ${options.seed}`;
};

const readConversation = async (path: string, origin: string): Promise<Conversation> => {
  const requests: TraceRequest[] = [];
  const source = await readTrace(
    path,
    { format: "auto", skipBadRows: false, reorder: false },
    { request: (request) => requests.push(request), reject: () => undefined },
  );
  return {
    path,
    file: {
      file: basename(path),
      origin,
      rows: requests.length,
      size_bytes: source.sizeBytes,
      sha256: source.sha256,
    },
    requests,
    blockTokens: source.conventions.blockTokens,
    blockRefs: requests.reduce((sum, { blocks }) => sum + blocks.length, 0),
    distinctBlocks: source.blockIds.length,
    models: source.models,
    source,
  };
};

/**
 * The Mooncake trace: the file that was named, else the public one if it lies beside the clone, else, and always when `quick`, one that is
 * generated in `folder`. Throws an `InputError` when a file is no trace.
 */
export const conversation = async (
  world: World,
  folder: string,
  named: string | undefined,
  generate: { readonly requests: number; readonly seed: number; readonly always: boolean },
): Promise<Conversation> => {
  if (named !== undefined) return readConversation(resolve(world.cwd, named), "given");
  if (!generate.always && existsSync(PUBLIC)) {
    return readConversation(PUBLIC, "the public trace, found beside the clone");
  }
  const path = join(folder, "mooncake-like.jsonl");
  const { requests, seed } = generate;
  const shape = "mooncake-conversation";
  return readConversation(path, await write(world, path, { shape, requests, seed }, "mooncake"));
};

/** A file that was made to be measured with: where it lies, and how a report names it. */
export type MadeFile = { readonly path: string; readonly file: InputFile };

const made = async (
  folder: string,
  file: string,
  rows: number,
  origin: string,
): Promise<MadeFile> => {
  const path = join(folder, file);
  const { sha256, sizeBytes } = await hashFile(path);
  return { path, file: { file, origin, rows, size_bytes: sizeBytes, sha256 } };
};

/** A CSV file of so many rows, like Azure's of 2023, generated in `folder`. */
export const csvFile = async (
  world: World,
  folder: string,
  rows: number,
  seed: number,
): Promise<MadeFile> => {
  const file = `azure-like-${rows}.csv`;
  const options = { shape: "azure-code", requests: rows, seed } as const;
  const origin = await write(world, join(folder, file), options, "azure-2023");
  return made(folder, file, rows, origin);
};

/** A trace of so many requests, like Mooncake's, generated in `folder`. A longer one of the same seed begins with the shorter one. */
export const mooncakeFile = async (
  world: World,
  folder: string,
  requests: number,
  seed: number,
): Promise<MadeFile> => {
  const file = `mooncake-like-${requests}.jsonl`;
  const options = { shape: "mooncake-conversation", requests, seed } as const;
  const origin = await write(world, join(folder, file), options, "mooncake");
  return made(folder, file, requests, origin);
};

function* longer(requests: readonly TraceRequest[], times: number): Generator<TraceRequest> {
  for (const request of requests) {
    yield { ...request, outputTokens: request.outputTokens * times };
  }
}

/** The conversation with answers of so many times as many tokens and nothing else changed, written into `folder`. */
export const longerAnswersFile = async (
  world: World,
  folder: string,
  { source, requests, file: { file: from, rows } }: Conversation,
  times: number,
): Promise<MadeFile> => {
  const file = `answers-${times}.jsonl`;
  await writeLines(world, join(folder, file), writeTrace(source, longer(requests, times)));
  return made(folder, file, rows, `${from} with ${times} times the output tokens`);
};
