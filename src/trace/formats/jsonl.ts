import { shown } from "#base";
import type { Faults } from "../reading/faults.ts";
import { isTooDeep, type JsonObject, LEVELS_MAX, parseObject } from "../reading/json.ts";
import { eachLine, type Lines } from "../reading/lines.ts";
import type { RowResult } from "./row.ts";

/** A JSONL format: what a line's object is. May remember what it saw in earlier lines. */
export type JsonRowReader = (object: JsonObject, faults: Faults) => RowResult;

const refusal = (text: string): string =>
  isTooDeep(text)
    ? `a line must be nested at most ${LEVELS_MAX} levels deep, found more`
    : `a line must be one JSON object, found ${shown(text.trim())}`;

/** Reads one object a line; blank lines are nothing. `take` is given what each came to, with `faults.line` set. */
export const jsonlReader =
  (
    rowOf: JsonRowReader,
    faults: Faults,
    take: (row: RowResult) => void,
  ): ((lines: Lines) => void) =>
  (lines) =>
    eachLine(lines, (bytes, number) => {
      const text = bytes.toString("utf8");
      if (text.trim() === "") return;
      faults.line = number;
      const object = parseObject(text);
      if (object === undefined) faults.row("TRACE-5", refusal(text));
      else take(rowOf(object, faults));
    });
