import { canonicalJson, type Json } from "#base";
import type { BlockId } from "../blocks/id-list.ts";
import type { Faults } from "../reading/faults.ts";
import { found, isObject, type JsonObject, type JsonValue } from "../reading/json.ts";
import type { TraceConventions } from "../request.ts";
import {
  countOf,
  delayOf,
  extraText,
  idsOf,
  isKeepable,
  nameOf,
  timeOf,
  wholeOf,
} from "./fields.ts";
import type { JsonRowReader } from "./jsonl.ts";
import { NO_IDS, NOT_A_REQUEST, type RowResult } from "./row.ts";
import { instantOfNanoseconds } from "./time.ts";

/** What a header of the project's own format says that it is. */
export const RACKPROOF_SCHEMA = "rackproof.trace.v1";

/** The first line of a file of the project's own format. */
export type RackproofHeader = {
  readonly schema: typeof RACKPROOF_SCHEMA;
  readonly origin: string;
  readonly conventions: TraceConventions;
  /** `numbers`: a block's id in the source is its number in `blocks`. `named`: the row that first uses a block gives its id. */
  readonly block_ids: "numbers" | "named";
};

const CONVENTION_VALUES: { readonly [name in keyof TraceConventions]: readonly Json[] } = {
  blockTokens: [], // any whole number of 1 or more, and null
  ids: ["none", "chained", "unchained"],
  idScope: ["file", "session"],
  lastBlock: ["none", "partial", "padded", "dropped"],
  sessionRows: ["none", "whole", "delta"],
  zeroOutput: ["plain", "failed"],
};

const isBlockTokens = (value: unknown): boolean =>
  value === null || (Number.isSafeInteger(value) && (value as number) > 0);

const isConvention = (name: string, value: unknown): boolean =>
  name === "blockTokens"
    ? isBlockTokens(value)
    : (CONVENTION_VALUES[name as keyof TraceConventions] ?? []).includes(value as Json);

const checkHeader = (row: JsonObject, faults: Faults): RackproofHeader | null => {
  const before = faults.count();
  const conventions = row["conventions"];
  if (!isObject(conventions))
    faults.row("TRACE-4", `conventions must be an object, found ${found(conventions)}`);
  else {
    for (const name of Object.keys(CONVENTION_VALUES)) {
      if (isConvention(name, conventions[name])) continue;
      faults.row(
        "TRACE-21",
        `conventions.${name} must be one of its values, found ${found(conventions[name])}`,
      );
    }
  }
  const origin = row["origin"];
  if (typeof origin !== "string")
    faults.row("TRACE-4", `origin must be text, found ${found(origin)}`);
  else if (!isKeepable(origin))
    faults.row("TRACE-8", `origin must be text that UTF-8 can hold, found ${found(origin)}`);
  const blockIds = row["block_ids"];
  if (blockIds !== "numbers" && blockIds !== "named") {
    faults.row("TRACE-21", `block_ids must be "numbers" or "named", found ${found(blockIds)}`);
  }
  return faults.count() > before ? null : (row as unknown as RackproofHeader);
};

const flagOf = (name: string, value: JsonValue | undefined, faults: Faults): boolean => {
  if (value === undefined || typeof value === "boolean") return value === true;
  faults.row("TRACE-21", `${name} must be true or false, found ${found(value)}`);
  return false;
};

const extraIn = (value: JsonValue | undefined, faults: Faults): string => {
  if (value === undefined) return "";
  if (isObject(value)) return extraText(value, faults);
  faults.row("TRACE-21", `extra must be an object, found ${found(value)}`);
  return "";
};

/** A reader, the header it met, and the source's id of a block by the number that the file gives it. */
export type RackproofReader = {
  readonly rowOf: JsonRowReader;
  header(): RackproofHeader | null;
  idOf(number: BlockId): BlockId;
};

/**
 * The project's own format: a header line, then a row a request with everything that a `TraceRequest` holds. `blocks` are numbers
 * that mean something only inside the file; the source's ids of those that a row is the first to use are its `ids`.
 */
export const rackproofReader = (): RackproofReader => {
  let header: RackproofHeader | null = null;
  let hasStarted = false;
  const ids = new Map<BlockId, BlockId>();

  /** The row's new blocks and their ids; nothing when the row names no block for the first time. */
  const newIds = (
    row: JsonObject,
    blocks: readonly BlockId[],
    faults: Faults,
  ): readonly (readonly [block: BlockId, id: BlockId])[] => {
    if (header?.block_ids !== "named") return [];
    const unnamed = [...new Set(blocks)].filter((block) => !ids.has(block));
    const given =
      unnamed.length === 0 && row["ids"] === undefined ? NO_IDS : idsOf("ids", row["ids"], faults);
    if (given.length !== unnamed.length) {
      faults.row(
        "TRACE-9",
        `ids must name the row's ${unnamed.length} new blocks, found ${given.length} ids`,
      );
    }
    return unnamed.map((block, at) => [block, given[at] as BlockId]);
  };
  const requestOf = (row: JsonObject, faults: Faults): RowResult => {
    const before = faults.count();
    const must = "whole nanoseconds in 0 … 2^53 − 1";
    const at = timeOf("arrival_ns", row["arrival_ns"], instantOfNanoseconds, must, faults);
    const inputTokens = countOf("input_tokens", row["input_tokens"], faults);
    const outputTokens = countOf("output_tokens", row["output_tokens"], faults);
    const blocks = row["blocks"] === undefined ? NO_IDS : idsOf("blocks", row["blocks"], faults);
    const session = nameOf("session", row["session"], faults);
    const turn = row["turn"] === undefined ? 0 : countOf("turn", row["turn"], faults);
    const delayNs = delayOf("delay_ns", row["delay_ns"], instantOfNanoseconds, must, faults);
    const priority = wholeOf("priority", row["priority"], 0, faults);
    const model = nameOf("model", row["model"], faults);
    const failed = flagOf("failed", row["failed"], faults);
    const extra = extraIn(row["extra"], faults);
    const named = faults.count() === before ? newIds(row, blocks, faults) : [];
    if (faults.count() > before) return null;
    return {
      at,
      atText: "",
      inputTokens,
      outputTokens,
      ids: blocks,
      session,
      turn,
      delayNs,
      priority,
      model,
      failed,
      extra,
      remember() {
        for (const [block, id] of named) ids.set(block, id);
      },
    };
  };
  return {
    header: () => header,
    idOf: (number) => ids.get(number) ?? number,
    rowOf(row, faults) {
      if (hasStarted) return header === null ? null : requestOf(row, faults);
      hasStarted = true;
      if (row["schema"] === RACKPROOF_SCHEMA) header = checkHeader(row, faults);
      else
        faults.row(
          "TRACE-4",
          `the first line must have the schema ${RACKPROOF_SCHEMA}, found ${found(row["schema"])}`,
        );
      if (header === null)
        faults.file(
          "TRACE-4",
          "a file of this format must begin with its header, found none that is sound",
        );
      return header === null ? null : NOT_A_REQUEST;
    },
  };
};

/** The header as its line. */
export const headerLine = (header: RackproofHeader): string =>
  `${canonicalJson(header as unknown as Json)}\n`;

/** An id as the format writes it: a number, or text when a double would not hold it. */
export const idText = (id: bigint): string =>
  id <= BigInt(Number.MAX_SAFE_INTEGER) ? id.toString() : `"${id}"`;
