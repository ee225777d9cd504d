/** What replays are measured with besides the conversation: its blocks in another size, its answers made longer, long traces, and copies of a database. */
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { reblock } from "#trace";
import type { Conversation } from "./inputs.ts";
import type { Stage } from "./stage.ts";

/** How many blocks of a size the requests refer to, and how many different ones. */
export type BlockCounts = { readonly refs: number; readonly distinct: number };

/** The conversation's blocks, cut or joined to another size. Those of a trace without names are all different. */
export const blockCounts = (talk: Conversation, tokens: number): BlockCounts => {
  const { blockTokens: from, requests, distinctBlocks } = talk;
  if (from === null) {
    const refs = requests.reduce(
      (sum, { inputTokens }) => sum + Math.ceil(inputTokens / tokens),
      0,
    );
    return { refs, distinct: refs };
  }
  const isSeen = new Uint8Array(Math.ceil(from / tokens) * distinctBlocks);
  let refs = 0;
  for (const { blocks, inputTokens } of requests) {
    const names = reblock(blocks, inputTokens, from, tokens);
    refs += names.length;
    for (const name of names) isSeen[name] = 1;
  }
  return { refs, distinct: isSeen.reduce((sum, seen) => sum + seen, 0) };
};

/** The name of the same conversation, in the same database, with answers of so many times as many tokens. Imports it. */
export const importLongerAnswers = async (stage: Stage, times: number): Promise<string> => {
  const path = await stage.makeLongerAnswers(times);
  const name = `answers-${times}`;
  await stage.program(["import", path, "--name", name, "--db", stage.db]);
  return name;
};

/** A database with a generated trace of each length, each under its length as a name. */
export const importLengths = async (stage: Stage, lengths: readonly number[]): Promise<string> => {
  const db = join(stage.folder, "lengths.db");
  for (const requests of lengths) {
    const path = await stage.makeConversation(requests);
    await stage.program(["import", path, "--name", String(requests), "--db", db]);
    rmSync(path);
  }
  return db;
};

/** Gives work the path of a copy of the conversation's database, and removes it. No process may have the original open. */
export const withCopy = async <T>(stage: Stage, work: (db: string) => Promise<T>): Promise<T> => {
  const db = join(stage.folder, "copy.db");
  copyFileSync(stage.db, db);
  try {
    return await work(db);
  } finally {
    for (const end of ["", "-wal", "-shm"]) rmSync(db + end, { force: true });
  }
};
