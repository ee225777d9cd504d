import type { Faults } from "../reading/faults.ts";
import type { CsvFormat } from "./csv.ts";
import { countOfText } from "./fields.ts";
import { NO_IDS, type RowResult } from "./row.ts";
import { instantOfDecimal } from "./time.ts";

const REQUIRED = ["Timestamp", "Model", "Request tokens", "Response tokens", "Total tokens"];

/**
 * BurstGPT, in both of its headers. Seconds; a request with 0 response tokens failed; Total = Request + Response, or the row is
 * faulty. `Session ID` is empty outside conversations. `Log Type` and `Elapsed time` are kept as extras.
 */
export const burstGptFormat: CsvFormat = {
  required: REQUIRED,
  modelled: [...REQUIRED, "Session ID"],
  rowReader: (columns) => {
    const [timeAt, modelAt, inputAt, outputAt, totalAt] = REQUIRED.map((name) =>
      columns.of(name),
    ) as [number, number, number, number, number];
    const sessionAt = columns.of("Session ID");
    return (fields: readonly string[], faults: Faults): RowResult => {
      const before = faults.count();
      const text = fields[timeAt] as string;
      const at = instantOfDecimal(text);
      if (at === null) {
        faults.row(
          "TRACE-2",
          `Timestamp must be seconds, 0 or more, found ${JSON.stringify(text)}`,
        );
      }
      const inputTokens = countOfText("Request tokens", fields[inputAt] as string, faults);
      const outputTokens = countOfText("Response tokens", fields[outputAt] as string, faults);
      const totalTokens = countOfText("Total tokens", fields[totalAt] as string, faults);
      if (faults.count() === before && totalTokens !== inputTokens + outputTokens) {
        const sum = `${inputTokens} + ${outputTokens}`;
        faults.row(
          "TRACE-17",
          `Total tokens must be Request + Response = ${sum}, found ${totalTokens}`,
        );
      }
      if (faults.count() > before) return null;
      return {
        at,
        atText: text,
        inputTokens,
        outputTokens,
        ids: NO_IDS,
        session: fields[sessionAt] || null,
        turn: -1,
        delayNs: -1,
        priority: 0,
        model: fields[modelAt] || null,
        failed: outputTokens === 0,
        extra: columns.extra(fields),
      };
    };
  },
};
