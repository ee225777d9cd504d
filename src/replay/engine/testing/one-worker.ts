/** A worker by itself, whose steps are told one by one. */
import type { Costs } from "#cost";
import { BlockPool, createBlockDirectory, openWorker, ServingGroup } from "#rack";
import { findProfile } from "#spec";
import type { Live } from "../live.ts";
import { EngineWorker } from "../worker.ts";
import { costsOf, liveOf } from "./small-run.ts";

/** What a worker is made with, where it is not as usual. */
export type WorkerGiven = {
  readonly capacity?: number;
  readonly costs?: Partial<Costs>;
  readonly isLeaping?: boolean;
  readonly isExactlyEvicting?: boolean;
};

/** A worker of TP 8 with 100 blocks of 4 tokens. A step that decodes takes 100 ns; one that prefills, 10 ns more a token. */
export const oneWorker = ({
  capacity = 100,
  costs = {},
  isLeaping = true,
  isExactlyEvicting = false,
}: WorkerGiven = {}): EngineWorker => {
  const group = new ServingGroup(
    findProfile("document"),
    8,
    capacity,
    createBlockDirectory,
    undefined,
  );
  const createPool = (blocks: number, events: ConstructorParameters<typeof BlockPool>[1]) =>
    new BlockPool(blocks, events);
  return new EngineWorker({
    serving: openWorker(group, 0, capacity, createPool, undefined),
    deployment: 0,
    costs: costsOf({
      blockTokens: 4,
      stepNs: (tokens) => 100 + 10 * tokens,
      phaseNs: (_batch, _kvTokens, steps) => 100 * steps,
      ...costs,
    }),
    isLeaping,
    isExactlyEvicting,
  });
};

/** A request without a prompt that has been given its first token, of so many. */
export const begun = (number: number, outputTokens: number): Live => {
  const live = liveOf({ number, outputTokens });
  live.emitted = 1;
  return live;
};

/** Has requests join a worker's batch and the first step begin, with its blocks. */
export const decoding = (
  worker: EngineWorker,
  nowNs: number,
  ...lives: readonly Live[]
): EngineWorker => {
  for (const live of lives) worker.batch.join(live, live.written);
  worker.output.takeForStep();
  worker.beginPhase(nowNs);
  return worker;
};
