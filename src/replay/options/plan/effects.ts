import type { IssueCode } from "#base";
import type { Policy } from "#rack";
import type { LoadOptions } from "../load-options.ts";
import type { ReplayOptions } from "../replay-options.ts";
import type { Findings } from "./findings.ts";

/** Whether it holds, and the sentence when it does not. */
type Rule = readonly [isWell: boolean, sentence: string];

const isDrawing = (policy: Policy): boolean =>
  policy.kind === "random" || (policy.kind === "dynamo-cost" && policy.temperature > 0);

const requireAll = (code: IssueCode, rules: readonly Rule[], findings: Findings): void => {
  for (const [isWell, sentence] of rules) findings.require(isWell, code, sentence);
};

/** A load has what its mode needs, and nothing that the mode takes no notice of. */
export const checkLoad = (load: LoadOptions, findings: Findings): void => {
  const { mode, rate_per_s, concurrency, speedup, from_ns, to_ns, jitter_ns } = load;
  const only = (field: string, needed: string, found: number | null): readonly Rule[] => [
    [
      mode !== needed || found !== null,
      `load.${field} must be given for mode ${needed}, found null`,
    ],
    [
      mode === needed || found === null,
      `load.${field} must be left out for mode ${mode}, which takes no notice of it, found ${found}`,
    ],
  ];
  const byTrace = "which does not go by the trace's times";
  requireAll(
    "REPLAY-4",
    [
      ...only("rate_per_s", "poisson", rate_per_s),
      ...only("concurrency", "concurrency", concurrency),
      [
        mode === "trace" || speedup === 1,
        `load.speedup must be left out for mode ${mode}, ${byTrace}, found ${speedup}`,
      ],
      [
        mode === "trace" || jitter_ns === 0,
        `load.jitter_ns must be left out for mode ${mode}, ${byTrace}, found ${jitter_ns}`,
      ],
      [
        to_ns === null || (from_ns ?? 0) < to_ns,
        `load.to_ns must be after load.from_ns, ${from_ns ?? 0}, found ${to_ns}`,
      ],
    ],
    findings,
  );
};

/** Options that would change nothing are refused: whoever sets one expects an effect. */
export const checkEffects = (
  options: ReplayOptions,
  policy: Policy | undefined,
  findings: Findings,
): void => {
  const { seed, load, abandon, checks, on_violation, deadline_ns, ttft_deadline_ns } = options;
  const isDrawn =
    policy === undefined ||
    isDrawing(policy) ||
    load.jitter_ns > 0 ||
    load.mode === "poisson" ||
    abandon !== null;
  requireAll(
    "REPLAY-1",
    [
      [
        seed === null || isDrawn,
        `a seed must be left out for ${policy?.kind} and a load without chance, which draw nothing, found ${seed}`,
      ],
      [
        on_violation === "record" || checks === "all",
        `on_violation must be record where checks are ${checks}, found ${on_violation}`,
      ],
      [
        deadline_ns === null || ttft_deadline_ns === null || ttft_deadline_ns < deadline_ns,
        `ttft_deadline_ns must be before deadline_ns, ${deadline_ns}, found ${ttft_deadline_ns}`,
      ],
    ],
    findings,
  );
};
