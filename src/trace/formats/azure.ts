import type { Faults } from "../reading/faults.ts";
import type { CsvFormat } from "./csv.ts";
import { countOfText } from "./fields.ts";
import { NO_IDS, type RowResult } from "./row.ts";
import { instantOfTimestamp } from "./time.ts";

/**
 * The Azure LLM inference traces: 2023 without a zone, 2024 with one, 2025 with one and a count of images, which is kept as an
 * extra. No blocks, no sessions. A time without a zone is read as UTC, which shifts nothing, because only differences count.
 */
export const azureFormat = (zone: "named" | "none", required: readonly string[]): CsvFormat => ({
  required: ["TIMESTAMP", ...required, "ContextTokens", "GeneratedTokens"],
  modelled: ["TIMESTAMP", "ContextTokens", "GeneratedTokens"],
  rowReader: (columns) => {
    const timeAt = columns.of("TIMESTAMP");
    const inputAt = columns.of("ContextTokens");
    const outputAt = columns.of("GeneratedTokens");
    const must = `a time as 2024-05-12 00:00:00.001163${zone === "named" ? "+00:00" : " without a zone"}`;
    return (fields: readonly string[], faults: Faults): RowResult => {
      const before = faults.count();
      const text = fields[timeAt] as string;
      const at = instantOfTimestamp(text, zone);
      if (at === null)
        faults.row("TRACE-2", `TIMESTAMP must be ${must}, found ${JSON.stringify(text)}`);
      const inputTokens = countOfText("ContextTokens", fields[inputAt] as string, faults);
      const outputTokens = countOfText("GeneratedTokens", fields[outputAt] as string, faults);
      if (faults.count() > before) return null;
      return {
        at,
        atText: text,
        inputTokens,
        outputTokens,
        ids: NO_IDS,
        session: null,
        turn: -1,
        delayNs: -1,
        priority: 0,
        model: null,
        failed: false,
        extra: columns.extra(fields),
      };
    };
  },
});
