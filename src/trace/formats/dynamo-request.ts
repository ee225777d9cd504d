import type { Faults } from "../reading/faults.ts";
import { found, isObject, type JsonObject, type JsonValue } from "../reading/json.ts";
import { countOf, extraText, idsOf, nameOf, timeOf } from "./fields.ts";
import type { JsonRowReader } from "./jsonl.ts";
import { NOT_A_REQUEST, type RowResult } from "./row.ts";
import { instantOfMilliseconds } from "./time.ts";

/** What the records of this format call themselves. */
export const DYNAMO_SCHEMA = "dynamo.request.trace.v1";

const MUST = "milliseconds since 1970";
/** Kinds of record beside `request_end`: they tell of payloads and of tools, not of a further request. */
const OTHER_EVENTS = ["request_payload", "request_start", "tool_start", "tool_end", "tool_error"];

/** The record itself: some sinks wrap it as `event`. */
export const unwrapped = (row: JsonObject): JsonObject => {
  const event = row["event"];
  return isObject(event) && event["event_type"] !== undefined ? event : row;
};

const without = (object: JsonObject, used: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !used.includes(key)));

const part = (name: string, value: JsonValue | undefined, faults: Faults): JsonObject => {
  if (isObject(value)) return value;
  if (value === undefined) faults.row("TRACE-4", `${name} must be given, found nothing`);
  else faults.row("TRACE-21", `${name} must be an object, found ${found(value)}`);
  return {};
};

const extraOf = (
  record: JsonObject,
  request: JsonObject,
  replay: JsonObject,
  faults: Faults,
): string => {
  const context = record["agent_context"];
  const rest = {
    ...without(record, ["schema", "event_type", "request", "agent_context"]),
    agent_context: isObject(context) ? without(context, ["session_id"]) : {},
    request: {
      ...without(request, ["request_received_ms", "output_tokens", "model", "replay"]),
      replay: without(replay, ["trace_block_size", "input_length", "input_sequence_hashes"]),
    },
  };
  const kept: JsonObject = withoutEmpty({ ...rest, request: withoutEmpty(rest.request) });
  return Object.keys(kept).length === 0 ? "" : extraText(kept, faults);
};

const withoutEmpty = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).filter(
      ([, value]) => !(isObject(value) && Object.keys(value).length === 0),
    ),
  );

/** A reader and the block size that the rows have named; null before the first. */
export type DynamoReader = { readonly rowOf: JsonRowReader; blockTokens(): number | null };

/**
 * Dynamo's request trace, version 1: its `request_end` records, which stand in the order in which requests ended. Each names the
 * whole prompt by 64-bit hashes that are chained over the prefix. Every row must name the same block size.
 */
export const dynamoRequestReader = (): DynamoReader => {
  let blockTokens: number | null = null;

  /** The first sound row settles the size. */
  const checkBlockSize = (size: number, faultsBefore: number, faults: Faults): void => {
    if (faults.count() > faultsBefore) return;
    if (size === 0)
      faults.row("TRACE-1", "trace_block_size must be a whole number of 1 or more, found 0");
    else if (blockTokens === null) blockTokens = size;
    else if (blockTokens !== size) {
      faults.row("TRACE-20", `trace_block_size must be ${blockTokens} as before, found ${size}`);
    }
  };
  const requestOf = (record: JsonObject, faults: Faults): RowResult => {
    const before = faults.count();
    const request = part("request", record["request"], faults);
    if (faults.count() > before) return null;
    const replay = part("request.replay", request["replay"], faults);
    if (faults.count() > before) return null;
    const received = request["request_received_ms"];
    const at = timeOf("request_received_ms", received, instantOfMilliseconds, MUST, faults);
    const outputTokens = countOf("output_tokens", request["output_tokens"], faults);
    const model = nameOf("model", request["model"], faults);
    const context = record["agent_context"];
    const session = isObject(context) ? nameOf("session_id", context["session_id"], faults) : null;
    const inputTokens = countOf("input_length", replay["input_length"], faults);
    const ids = idsOf("input_sequence_hashes", replay["input_sequence_hashes"], faults);
    const blockSize = countOf("trace_block_size", replay["trace_block_size"], faults);
    const extra = extraOf(record, request, replay, faults);
    checkBlockSize(blockSize, before, faults);
    if (faults.count() > before) return null;
    return {
      at,
      atText: received as number,
      inputTokens,
      outputTokens,
      ids,
      session,
      turn: -1,
      delayNs: -1,
      priority: 0,
      model,
      failed: false,
      extra,
    };
  };
  return {
    blockTokens: () => blockTokens,
    rowOf(row, faults) {
      const record = unwrapped(row);
      const event = record["event_type"];
      if (typeof event === "string" && OTHER_EVENTS.includes(event)) return NOT_A_REQUEST;
      if (record["schema"] === DYNAMO_SCHEMA && event === "request_end")
        return requestOf(record, faults);
      const what = `${found(record["schema"])} and ${found(event)}`;
      faults.row(
        "TRACE-4",
        `schema and event_type must be ${DYNAMO_SCHEMA} and request_end, found ${what}`,
      );
      return null;
    },
  };
};
