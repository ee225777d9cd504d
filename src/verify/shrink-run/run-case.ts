import type { Json } from "#base";
import type { InvariantId, ReplayOptions, Violation } from "#replay";
import type { TraceRequest } from "#trace";

/** What a run is made of, apart from the parts of the rack: the same again gives the same run. */
export type RunInput = {
  readonly options: ReplayOptions;
  /** Tokens a block of the requests; null when they name no blocks. */
  readonly blockTokens: number | null;
  /** The names of the models that the requests ask for, by number. */
  readonly models: readonly string[];
  /** In order of arrival. */
  readonly requests: readonly TraceRequest[];
};

/** A run that violates an invariant. */
export type RunCase = RunInput & {
  readonly kind: "run";
  readonly invariant: InvariantId;
  /** The first violation of that invariant. */
  readonly found: Violation;
};

/** What a request says when a case says nothing about it. */
export const UNSAID = {
  session: -1,
  turn: 0,
  delay_ns: -1,
  priority: 0,
  model: -1,
  failed: false,
} as const;

/** A request as plain JSON, with what it has that most have not. What a replay never reads is left out. */
const requestJson = (request: TraceRequest): Json => {
  const rare = {
    session: request.session,
    turn: request.turn,
    delay_ns: request.delayNs,
    priority: request.priority,
    model: request.model,
    failed: request.failed,
  };
  return {
    arrival_ns: request.arrivalNs,
    input_tokens: request.inputTokens,
    output_tokens: request.outputTokens,
    blocks: [...request.blocks],
    ...Object.fromEntries(
      Object.entries(rare).filter(([name, value]) => value !== UNSAID[name as keyof typeof UNSAID]),
    ),
  };
};

/** A case as plain JSON, as it is kept; `readRunCase` reads it again. */
export const runCaseJson = (given: RunCase): Json => {
  const { kind, invariant, found, options, blockTokens, models, requests } = given;
  return {
    kind,
    invariant,
    found,
    options: options as unknown as Json,
    block_tokens: blockTokens,
    models,
    requests: requests.map(requestJson),
  };
};
