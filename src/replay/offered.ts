import { randomStream } from "#base";
import { reblock, type TraceRequest } from "#trace";
import type { EngineSettings, Offered } from "./engine/contract.ts";
import { applyLoad } from "./load/index.ts";
import type { Plan } from "./options/index.ts";

/** The requests of a trace as a plan has them sent: when the load says, with blocks of the run's size. Lazy. */
export function* offered(requests: Iterable<TraceRequest>, plan: Plan): Generator<Offered> {
  const { options, seed, reblock: sizes } = plan;
  for (const { number, request } of applyLoad(requests, options.load, seed)) {
    const blocks =
      sizes === null
        ? request.blocks
        : reblock(request.blocks, request.inputTokens, sizes.from, sizes.to);
    yield { number, request, blocks };
  }
}

/** When each user leaves: a function of the seed and the request's place alone. Exponential, with the mean that is asked for. */
const patience = (
  share: number,
  meanNs: number,
  seed: number,
): ((number: number) => number | undefined) => {
  return (number) => {
    const stream = randomStream(seed, `abandon/${number}`);
    return stream.unit() < share
      ? Math.max(1, Math.round(stream.exponential() * meanNs))
      : undefined;
  };
};

/** What a plan makes an engine go by. */
export const settingsOf = ({ options, blockTokens, seed }: Plan): EngineSettings => {
  const { abandon, load } = options;
  return {
    blockTokens,
    maxNumSeqs: options.max_num_seqs,
    maxNumBatchedTokens: options.max_num_batched_tokens,
    preemption: options.preemption,
    isFetching: options.remote_hits === "fetch",
    deadlineNs: options.deadline_ns ?? undefined,
    ttftDeadlineNs: options.ttft_deadline_ns ?? undefined,
    patienceNs: abandon === null ? undefined : patience(abandon.share, abandon.after_ns, seed),
    concurrency: load.mode === "concurrency" ? (load.concurrency ?? undefined) : undefined,
  };
};
