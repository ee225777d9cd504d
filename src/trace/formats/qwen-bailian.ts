import type { Faults } from "../reading/faults.ts";
import type { JsonObject } from "../reading/json.ts";
import { countOf, extraOf, idsOf, nameOf, timeOf } from "./fields.ts";
import type { JsonRowReader } from "./jsonl.ts";
import type { RowResult } from "./row.ts";
import { instantOfSeconds } from "./time.ts";

const MUST = "seconds, 0 or more";
const USED = ["timestamp", "input_length", "output_length", "hash_ids"];

/**
 * Qwen-Bailian. A session is the tree of chats under one root and has the root's name; where the root was before the file begins,
 * the name of the earliest parent that is spoken of. The chat's own names, its kind and its turn are kept as extras.
 */
export const qwenBailianReader = (): JsonRowReader => {
  const rootOf = new Map<string, string>();
  return (row: JsonObject, faults: Faults): RowResult => {
    const before = faults.count();
    const at = timeOf("timestamp", row["timestamp"], instantOfSeconds, MUST, faults);
    const inputTokens = countOf("input_length", row["input_length"], faults);
    const outputTokens = countOf("output_length", row["output_length"], faults);
    const ids = idsOf("hash_ids", row["hash_ids"], faults);
    const chat = nameOf("chat_id", row["chat_id"], faults);
    const parent = nameOf("parent_chat_id", row["parent_chat_id"], faults);
    if (chat === null && faults.count() === before)
      faults.row("TRACE-4", "chat_id must be given, found nothing");
    const extra = extraOf(row, USED, faults);
    if (faults.count() > before || chat === null) return null;
    const isRoot = parent === null || parent === "-1";
    const session = isRoot ? chat : (rootOf.get(parent) ?? parent);
    return {
      at,
      atText: row["timestamp"] as number,
      inputTokens,
      outputTokens,
      ids,
      session,
      turn: -1,
      delayNs: -1,
      priority: 0,
      model: null,
      failed: false,
      extra,
      remember: () => rootOf.set(chat, session),
    };
  };
};
