import { InputError, type Issue, type Json, shown, unreachable } from "#base";
import type { TraceConventions, TraceRequest } from "../request.ts";
import { adversarial } from "./adversarial.ts";
import { conversations } from "./conversations.ts";
import { independent } from "./independent.ts";
import { requestsMax } from "./requests-max.ts";
import type { Shape } from "./shape.ts";
import { SHAPE_NAMES, SHAPES, type ShapeName } from "./shapes.ts";

/** What to generate. */
export type GenerateOptions = {
  readonly shape: ShapeName;
  /** How many, 1 or more. A longer trace of the same shape and seed begins with the shorter one. */
  readonly requests: number;
  /** Any whole number that is exact: −(2^53 − 1) … 2^53 − 1. */
  readonly seed: number;
};

const refuseUnless = (holds: boolean, rule: string, found: Json): readonly Issue[] =>
  holds ? [] : [{ code: "GEN-1", message: `${rule}, found ${shown(found)}` }];

const check = ({ shape, requests, seed }: GenerateOptions): void => {
  const known = SHAPE_NAMES.includes(shape);
  const issues = [
    ...refuseUnless(known, `a shape must be one of ${SHAPE_NAMES.join(", ")}`, shape),
    ...refuseUnless(
      Number.isSafeInteger(requests) && requests >= 1,
      "the number of requests must be a whole number of 1 or more",
      Number.isFinite(requests) ? requests : String(requests),
    ),
    ...refuseUnless(
      Number.isSafeInteger(seed),
      "a seed must be a whole number within 2^53",
      Number.isFinite(seed) ? seed : String(seed),
    ),
  ];
  if (issues.length > 0) throw new InputError(issues);
  const most = requestsMax(SHAPES[shape]);
  const rule = `the number of requests of ${shape} must be ${most} or less, or they take more than 104 days`;
  const tooMany = refuseUnless(requests <= most, rule, requests);
  if (tooMany.length > 0) throw new InputError(tooMany);
};

const endless = (shape: Shape, seed: number): Generator<TraceRequest, never> => {
  switch (shape.kind) {
    case "independent":
      return independent(shape, seed, shape.name);
    case "conversations":
      return conversations(shape, seed, shape.name);
    case "adversarial":
      return adversarial(shape, seed, shape.name);
    default:
      return unreachable(shape);
  }
};

function* first(requests: Generator<TraceRequest, never>, count: number): Generator<TraceRequest> {
  for (let done = 0; done < count; done += 1) yield requests.next().value;
}

/**
 * A generated trace, a request at a time: the same for the same shape and seed, on any machine.
 * Memory goes with the conversations that are under way, not with the requests. Throws an
 * `InputError` (GEN-1) at once when the options make no sense or ask for a trace that must grow
 * longer than 104 days, and on the way when one does that might not have.
 */
export const generateTrace = (options: GenerateOptions): Generator<TraceRequest> => {
  check(options);
  return first(endless(SHAPES[options.shape], options.seed), options.requests);
};

/** Tokens a block of a shape; null for one without blocks. */
export const blockTokensOf = (shape: ShapeName): number | null => {
  const parameters = SHAPES[shape];
  return parameters.kind === "independent" ? null : parameters.blockTokens;
};

/** The conventions that a shape's requests keep. */
export const conventionsOf = (shape: ShapeName): TraceConventions => {
  const blockTokens = blockTokensOf(shape);
  const parameters = SHAPES[shape];
  const namesSessions = parameters.kind === "conversations" && parameters.namesSessions;
  return {
    blockTokens,
    ids: blockTokens === null ? "none" : "chained",
    idScope: "file",
    lastBlock: blockTokens === null ? "none" : "partial",
    sessionRows: namesSessions ? "whole" : "none",
    zeroOutput: "plain",
  };
};
