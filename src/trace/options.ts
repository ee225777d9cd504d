import { InputError, type Issue } from "#base";
import type { ConventionOption } from "./formats/rules.ts";
import type { FileHash } from "./reading/file.ts";
import { TRACE_FORMATS, type TraceConventions, type TraceFormat } from "./request.ts";

/** How a trace file is to be read. What a format settles by itself cannot be told otherwise: that is an `InputError`. */
export type ReadOptions = {
  /** `auto` tells it by the first lines and says why. */
  readonly format: TraceFormat | "auto";
  /** Tokens a block, where the file does not say. */
  readonly blockTokens?: number | undefined;
  readonly ids?: Exclude<TraceConventions["ids"], "none"> | undefined;
  readonly idScope?: TraceConventions["idScope"] | undefined;
  readonly sessionRows?: Exclude<TraceConventions["sessionRows"], "none"> | undefined;
  /** Passes over faulty rows; otherwise any of them makes the file unusable, once all are named. */
  readonly skipBadRows: boolean;
  /** Takes rows that stand out of order. The file is then read twice, because its earliest row may be its last. */
  readonly reorder: boolean;
  /** Reads only from here, from the first arrival; arrivals then count from here. May pass 2^53, as a double. */
  readonly fromNs?: number | undefined;
  /** Reads only to before here. */
  readonly toNs?: number | undefined;
  /** The file's hash of before, which it must still have; spares the pass that would take it. */
  readonly expect?: FileHash | undefined;
};

/** Why a file is taken for the format that the options name. */
export const NAMED = "the format was named";

type Rule = readonly [isWrong: boolean, must: string, found: unknown];

const among = (value: unknown, choices: readonly string[]): boolean =>
  value === undefined || choices.includes(value as string);

const isTime = (value: number): boolean => value >= 0 && Number.isInteger(value);

const oneOf = (name: ConventionOption, value: unknown, choices: readonly string[]): Rule => [
  !among(value, choices),
  `${name} must be ${choices.join(" or ")}`,
  value,
];

/** Throws an `InputError` with everything that is wrong about the options by themselves. */
export const checkOptions = (options: ReadOptions): void => {
  const { format, blockTokens, sessionRows, skipBadRows, fromNs, toNs } = options;
  const rules: readonly Rule[] = [
    [
      !among(format, ["auto", ...TRACE_FORMATS]),
      `format must be auto, ${TRACE_FORMATS.join(", ")}`,
      format,
    ],
    [
      blockTokens !== undefined && !(Number.isSafeInteger(blockTokens) && blockTokens > 0),
      "blockTokens must be a whole number of 1 or more",
      blockTokens,
    ],
    oneOf("ids", options.ids, ["chained", "unchained"]),
    oneOf("idScope", options.idScope, ["file", "session"]),
    oneOf("sessionRows", sessionRows, ["whole", "delta"]),
    [
      sessionRows === "delta" && skipBadRows,
      "bad rows must not be skipped where later rows are joined to them",
      "sessionRows delta with skipBadRows",
    ],
    [fromNs !== undefined && !isTime(fromNs), "fromNs must be whole nanoseconds", fromNs],
    [toNs !== undefined && !isTime(toNs), "toNs must be whole nanoseconds", toNs],
    [
      toNs !== undefined && toNs <= (fromNs ?? 0),
      "a window must end after it begins",
      `${fromNs ?? 0} to ${toNs}`,
    ],
  ];
  const issues: readonly Issue[] = rules
    .filter(([isWrong]) => isWrong)
    .map(([, must, found]) => ({ code: "TRACE-19", message: `${must}, found ${String(found)}` }));
  if (issues.length > 0) throw new InputError(issues);
};
