import { basename } from "node:path";
import type { Json } from "#base";
import type { Store, StoredTrace } from "#store";
import { hashFile, IMPORTER_VERSION, type ReadOptions, readTrace, type TraceCounts } from "#trace";
import { Interrupted } from "./world.ts";

/** What came of importing a file. */
export type Imported =
  | { readonly kind: "imported"; readonly trace: StoredTrace; readonly counts: TraceCounts }
  /** The same bytes were read in the same way before: nothing was done. */
  | { readonly kind: "same"; readonly trace: StoredTrace };

/** How an import is watched and stopped. */
export type Watch = {
  readonly signal: AbortSignal;
  progress(doneBytes: number, totalBytes: number): void;
};

/** The options as they are stored with the trace: only what was said, `skipBadRows` as `skip_bad_rows`. */
const told = ({ expect: _, ...options }: ReadOptions): Json =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        value,
      ]),
  ) as Json;

/** A trace's name when nobody gives it one: the file's, without what says how it is written. */
export const nameOfFile = (path: string): string =>
  basename(path)
    .replace(/\.gz$/i, "")
    .replace(/\.(csv|jsonl|ndjson|json|txt)$/i, "") || basename(path);

/**
 * Imports a file in one transaction, or finds that it was imported before. Throws an `InputError` with every issue of the file,
 * or `Interrupted`; nothing of it is stored then.
 */
export const importFile = async (
  store: Store,
  path: string,
  name: string,
  options: ReadOptions,
  watch: Watch,
): Promise<Imported> => {
  const expect = await hashFile(path);
  const known = store.findSame(expect.sha256, told(options), IMPORTER_VERSION);
  if (known !== undefined) return { kind: "same", trace: known };
  const writer = store.importTrace(name, told(options));
  try {
    const source = await readTrace(
      path,
      { ...options, expect },
      {
        request: writer.request,
        // Without --skip-bad-rows a faulty row is in the `InputError`, and nothing is stored anyway.
        reject: (issue) => {
          if (options.skipBadRows) writer.reject(issue);
        },
        progress(doneBytes, totalBytes) {
          if (watch.signal.aborted) {
            throw new Interrupted(`Interrupted: nothing of ${basename(path)} was stored.`);
          }
          watch.progress(doneBytes, totalBytes);
        },
      },
    );
    return { kind: "imported", trace: writer.finish(source), counts: source.counts };
  } finally {
    writer.abandon();
  }
};
