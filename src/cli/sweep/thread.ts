/** What a worker thread does: it reads the database by itself, and only reads it. Job and reply are plain data. */
import { InputError, type Issue } from "#base";
import type { ReplayOptions } from "#replay";
import type { RunRecord } from "#store";
import { READ, withStore } from "../database.ts";
import { replayPoint } from "./replay-point.ts";

/** One replay to be made. */
export type Job = {
  /** The database, as an absolute path. */
  readonly db: string;
  readonly trace: string;
  readonly options: ReplayOptions;
};

/** What came of a job. An exception would arrive without its class, so what was thrown comes as a value. */
export type Reply =
  | { readonly kind: "run"; readonly record: RunRecord }
  | { readonly kind: "refused"; readonly issues: readonly Issue[] }
  | { readonly kind: "broken"; readonly stack: string };

const replyTo = (thrown: unknown): Reply => {
  if (thrown instanceof InputError) return { kind: "refused", issues: thrown.issues };
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { kind: "broken", stack: stack ?? String(thrown) };
};

/** Makes one replay. Throws nothing. */
export const answer = async ({ db, trace, options }: Job): Promise<Reply> => {
  try {
    const record = await withStore({ db }, READ, (store) => replayPoint(store, trace, options));
    return { kind: "run", record };
  } catch (thrown) {
    return replyTo(thrown);
  }
};
