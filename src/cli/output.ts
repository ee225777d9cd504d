import { createWriteStream, renameSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { unwritable, whyUnwritable } from "./unwritable.ts";
import { Interrupted, type World } from "./world.ts";

/** How much text is written at once. */
const BATCH_CHARACTERS = 65_536;

function* batches(lines: Iterable<string>): Generator<string> {
  let batch = "";
  for (const line of lines) {
    batch += line;
    if (batch.length < BATCH_CHARACTERS) continue;
    yield batch;
    batch = "";
  }
  if (batch !== "") yield batch;
}

/** What was thrown, as the user can use it. */
const translated = (thrown: unknown, file: string): unknown => {
  const { code, name } = thrown as { readonly code?: string; readonly name?: string };
  if (name === "AbortError") return new Interrupted(`Interrupted: ${file} was not written.`);
  return whyUnwritable(code) === undefined ? thrown : unwritable(code, file);
};

/** Writes beside the file first, so that it is there whole or as it was. What is no ordinary file (a pipe, a device) is written directly. */
const writeFile = async (
  path: string,
  lines: Iterable<string>,
  signal: AbortSignal,
): Promise<void> => {
  const found = statSync(path, { throwIfNoEntry: false });
  const isSpecial = found !== undefined && !found.isFile();
  const target = isSpecial ? path : `${path}.partial`;
  const source = Readable.from(batches(lines));
  const sink = createWriteStream(target);
  try {
    if (path.endsWith(".gz")) await pipeline(source, createGzip(), sink, { signal });
    else await pipeline(source, sink, { signal });
    if (!isSpecial) renameSync(target, path);
  } catch (thrown) {
    if (!isSpecial) rmSync(target, { force: true });
    throw thrown;
  }
};

/**
 * Writes lines, which carry their ends, to a file, compressed when its name ends in `.gz`, or to stdout. A file is whole or as it was.
 * Throws an `InputError` CLI-3 when it cannot be written, and `Interrupted`.
 */
export const writeLines = async (
  world: World,
  file: string | undefined,
  lines: Iterable<string>,
): Promise<void> => {
  if (file === undefined) {
    for (const batch of batches(lines)) world.out(batch);
    return;
  }
  const path = resolve(world.cwd, file);
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw unwritable("EISDIR", file);
    await world.interruptible((signal) => writeFile(path, lines, signal));
  } catch (thrown) {
    throw translated(thrown, file);
  }
};
