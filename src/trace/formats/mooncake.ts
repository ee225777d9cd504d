import type { Faults } from "../reading/faults.ts";
import type { JsonObject } from "../reading/json.ts";
import { countOf, delayOf, extraOf, idsOf, nameOf, pick, timeOf, wholeOf } from "./fields.ts";
import type { RowResult } from "./row.ts";
import { instantOfMilliseconds } from "./time.ts";

const MUST = "milliseconds, 0 or more";

/**
 * Mooncake, in its old rows and its new ones with sessions, delays and priorities, by whichever of its names a field has. A
 * session's later turn may give a delay after its previous turn's end instead of a time.
 */
export const mooncakeRow = (row: JsonObject, faults: Faults): RowResult => {
  const before = faults.count();
  const [timeName, time] = pick(row, ["timestamp", "created_time"]);
  const [inputName, input] = pick(row, ["input_length", "input_tokens"]);
  const [outputName, output] = pick(row, ["output_length", "output_tokens"]);
  const [delayName, delay] = pick(row, ["delay", "delay_ms"]);
  const session = nameOf("session_id", row["session_id"], faults);
  const delayNs = delayOf(delayName, delay, instantOfMilliseconds, MUST, faults);
  const isTimed = time !== undefined && time !== null;
  const at =
    isTimed || session === null || delayNs < 0
      ? timeOf(timeName, time ?? undefined, instantOfMilliseconds, MUST, faults)
      : null;
  const inputTokens = countOf(inputName, input, faults);
  const outputTokens = countOf(outputName, output, faults);
  const ids = idsOf("hash_ids", row["hash_ids"], faults);
  const priority = wholeOf("priority", row["priority"], 0, faults);
  // A delay without a session follows nothing: it is kept as an extra.
  const used = [timeName, inputName, outputName, "hash_ids", "session_id", "priority"];
  const extra = extraOf(row, session === null ? used : [...used, delayName], faults);
  if (faults.count() > before) return null;
  return {
    at,
    atText: isTimed ? (time as number) : "",
    inputTokens,
    outputTokens,
    ids,
    session,
    turn: -1,
    delayNs: session === null ? -1 : delayNs,
    priority,
    model: null,
    failed: false,
    extra,
  };
};
