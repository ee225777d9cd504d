import { called, type PlannedDeployment } from "./deployment.ts";
import type { Findings } from "./findings.ts";

/** A request of a trace that may be too large for a worker. */
export type LargestRequest = {
  /** Its place in the trace. */
  readonly request: number;
  /** Which of the trace's models; −1 for none. */
  readonly model: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

/** The blocks that a request holds when its last token but one is computed; that last token is never read again, so it needs no room. */
const blocksOf = (
  { inputTokens, outputTokens }: Pick<LargestRequest, "inputTokens" | "outputTokens">,
  blockTokens: number,
): { readonly prompt: number; readonly output: number } => ({
  prompt: Math.ceil(inputTokens / blockTokens),
  output: Math.ceil(Math.max(0, outputTokens - 1) / blockTokens),
});

/** Whoever has to hold a request, with how many blocks of it: who prefills holds the prompt, who decodes holds all of it. */
const holders = (
  deployment: PlannedDeployment,
  partner: PlannedDeployment | undefined,
  { prompt, output }: ReturnType<typeof blocksOf>,
): readonly (readonly [PlannedDeployment, number])[] =>
  partner === undefined
    ? [[deployment, prompt + output]]
    : [
        [deployment, prompt],
        [partner, prompt + output],
      ];

/** Each request given must fit in a worker that may serve it, alone in an empty pool. */
export const checkLargest = (
  largest: readonly LargestRequest[],
  blockTokens: number,
  deployments: readonly PlannedDeployment[],
  deploymentOf: (model: number) => number,
  findings: Findings,
): void => {
  for (const request of largest) {
    const deployment = deployments[deploymentOf(request.model)];
    if (deployment === undefined) continue;
    const blocks = blocksOf(request, blockTokens);
    for (const [holder, held] of holders(deployment, deployments[deployment.partner], blocks)) {
      findings.require(
        held <= holder.capacityBlocks,
        "REPLAY-2",
        `a worker of ${called(holder.place)} must hold request ${request.request} (${request.inputTokens} tokens in, ${request.outputTokens} out), which is ${held} blocks of ${blockTokens} tokens, found ${holder.capacityBlocks}: with oversized "fail" it fails by itself`,
      );
    }
  }
};
