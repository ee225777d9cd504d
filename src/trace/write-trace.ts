import { assert } from "#base";
import { headerLine, idText, RACKPROOF_SCHEMA } from "./formats/rackproof.ts";
import type { TraceRequest, TraceSource } from "./request.ts";

/** What a written trace needs of its source: the names and ids that its requests' numbers stand for. */
export type WrittenSource = Pick<
  TraceSource,
  "conventions" | "origin" | "models" | "sessions" | "blockIds"
>;

const areNumbers = (ids: BigUint64Array): boolean =>
  ids.every((id, number) => id === BigInt(number));

const nameFrom = (names: readonly string[], number: number, what: string): string => {
  const name = names[number];
  assert(name !== undefined, `a request's ${what} is one of the trace's`, number);
  return JSON.stringify(name);
};

/** The ids of those of a row's blocks that no row before it used, in order. */
const newIds = (blocks: Uint32Array, seen: Uint8Array, ids: BigUint64Array): string => {
  const texts: string[] = [];
  for (const block of blocks) {
    assert(block < ids.length, "a request's blocks are among the trace's", block);
    if (seen[block] === 1) continue;
    seen[block] = 1;
    texts.push(idText(ids[block] as bigint));
  }
  return texts.length === 0 ? "" : `,"ids":[${texts.join(",")}]`;
};

const sessionText = (
  { session, turn, delayNs }: TraceRequest,
  names: readonly string[],
): string => {
  const name = session < 0 ? "" : `,"session":${nameFrom(names, session, "session")}`;
  return `${name}${turn === 0 ? "" : `,"turn":${turn}`}${delayNs < 0 ? "" : `,"delay_ns":${delayNs}`}`;
};

/**
 * A trace in the project's own JSONL, a line at a time with its end: a header, then a row a request, in the order given. Read
 * back, the requests are the same, with the same conventions, origin, names and block ids, as long as the order is the one in
 * which the numbers were given out; in another order the numbers are those of that order and nothing else changes. Fields
 * that say nothing are left out. `source.blockIds` must cover every block: a violation is a `SpecViolation`.
 */
export function* writeTrace(
  source: WrittenSource,
  requests: Iterable<TraceRequest>,
): Generator<string, void, undefined> {
  const { conventions, origin, models, sessions, blockIds } = source;
  const isNumbered = areNumbers(blockIds);
  const seen = new Uint8Array(blockIds.length);
  const block_ids = isNumbered ? "numbers" : "named";
  yield headerLine({ schema: RACKPROOF_SCHEMA, origin, conventions, block_ids });
  for (const request of requests) {
    const { arrivalNs, inputTokens, outputTokens, blocks, priority, model, failed, extra } =
      request;
    const counts = `"arrival_ns":${arrivalNs},"input_tokens":${inputTokens},"output_tokens":${outputTokens}`;
    const blocksText = blocks.length === 0 ? "" : `,"blocks":[${blocks.join(",")}]`;
    const ids = isNumbered ? "" : newIds(blocks, seen, blockIds);
    const rest = [
      sessionText(request, sessions),
      priority === 0 ? "" : `,"priority":${priority}`,
      model < 0 ? "" : `,"model":${nameFrom(models, model, "model")}`,
      failed ? ',"failed":true' : "",
      extra === "" ? "" : `,"extra":${extra}`,
    ];
    yield `{${counts}${blocksText}${ids}${rest.join("")}}\n`;
  }
}
