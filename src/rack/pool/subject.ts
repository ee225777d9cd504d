import { assert, isRefused, unreachable } from "#base";
import type { Announcement, PoolCall, PoolReply } from "./calls.ts";
import type { CreatePool, Pool, PoolEvents } from "./contract.ts";

/** Answers the calls of one script; `create` comes first. */
export type PoolSubject = () => (call: PoolCall) => PoolReply;

/** Puts a pool behind calls of plain JSON. A call that is not of the vocabulary is a defect of the caller and throws. */
export const poolSubject =
  (create: CreatePool): PoolSubject =>
  () => {
    let pool: Pool | undefined;
    let announced: Announcement[] = [];
    const tell = (event: Announcement[0], ...blocks: readonly number[]): void =>
      void announced.push(...blocks.map((block): Announcement => [event, block]));
    const events: PoolEvents = {
      stored: (block) => tell("stored", block),
      removed: (block) => tell("removed", block),
    };
    const runEvents: PoolEvents = {
      ...events,
      storedRun: (names, count) => tell("stored", ...names.subarray(0, count)),
      removedRun: (names, count) => tell("removed", ...names.subarray(0, count)),
    };
    return (call) => {
      if (call.kind === "create") {
        pool = create(call.capacity, call.inRuns === true ? runEvents : events);
        announced = [];
        return { kind: "created" };
      }
      assert(pool !== undefined, "a pool is created before it is asked", call.kind);
      if (call.kind === "announcements") {
        const told = announced;
        announced = [];
        return { kind: "announcements", events: told };
      }
      const before = announced.length;
      return answer(pool, call, () => announced.slice(before).map(([, block]) => block));
    };
  };

/** Answers one call; `touched` are the blocks announced while it was carried out. */
const answer = (
  pool: Pool,
  call: Exclude<PoolCall, { kind: "create" | "announcements" }>,
  touched: () => readonly number[],
): PoolReply => {
  switch (call.kind) {
    case "admit": {
      const reply = pool.admit(call.request, blockNames(call.blocks), call.unnamed);
      return isRefused(reply) ? reply : { ...reply, evicted: touched() };
    }
    case "fill": {
      const reply = pool.fill(call.request);
      return isRefused(reply) ? reply : { kind: "filled", stored: touched() };
    }
    case "grow": {
      const reply = pool.grow(call.request, call.count);
      return isRefused(reply) ? reply : { kind: "grown", evicted: touched() };
    }
    case "release": {
      const reply = pool.release(call.request);
      return isRefused(reply) ? reply : { kind: "released" };
    }
    case "pin": {
      const reply = pool.pin(call.block);
      return isRefused(reply) ? reply : { kind: "pinned" };
    }
    case "unpin": {
      const reply = pool.unpin(call.block);
      return isRefused(reply) ? reply : { kind: "unpinned" };
    }
    case "clear":
      pool.clear();
      return { kind: "cleared", removed: touched() };
    case "counts":
      return { kind: "counts", ...pool.counts() };
    case "leadingRun":
      return { kind: "run", length: pool.leadingRun(blockNames(call.blocks)) };
    case "contents":
      return { kind: "contents", blocks: pool.contents() };
    default:
      return unreachable(call);
  }
};

/** Names as a pool takes them. A typed array would cut what does not fit to 32 bits, in silence. */
const blockNames = (names: readonly number[]): Uint32Array => {
  const blocks = Uint32Array.from(names);
  for (const [index, name] of names.entries()) {
    assert(blocks[index] === name, "a block's name is a whole number of 0 … 2^32 − 1", name);
  }
  return blocks;
};
