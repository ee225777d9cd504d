/** Small racks and short traces in which everything comes up: pools, seats and budgets are tiny. */
import fc from "fast-check";
import { type Given, oneOfValues } from "#verify";
import { KNOWN_SCENES } from "./known-scenes.ts";
import type { Scene, SceneRequest } from "./scene.ts";

const request: fc.Arbitrary<SceneRequest> = fc.record({
  gapNs: oneOfValues(0, 0, 100, 200, 500, 1500, 4000),
  path: fc.array(fc.nat({ max: 1 }), { maxLength: 6, size: "max" }),
  spare: oneOfValues(0, 1, 3),
  outputTokens: oneOfValues(1, 2, 0, 5, 9, 14, 22),
  session: oneOfValues(-1, -1, 0, 1),
  delayNs: oneOfValues(-1, 0, 100, 500),
  priority: oneOfValues(0, 0, 1),
  patienceNs: oneOfValues(-1, -1, -1, -1, -1, -1, 300, 1000, -1, -1, -1, -1, -1, -1, -1, -1),
});

const scene = (maxLength: number): fc.Arbitrary<Scene> =>
  fc.record({
    workers: oneOfValues(1, 2, 3, 1, 0, 2, 9, 5, 1),
    decoders: oneOfValues(-1, -1, 1, 0, 2, 4, 1, -1, -1),
    tp: oneOfValues(1, 1, 2),
    capacity: oneOfValues(12, 6, 8, 10, 16, 60, 24),
    decoderCapacity: oneOfValues(12, 6, 8, 10, 16, 60, 24),
    policy: oneOfValues("kv-aware:bound=2", "kv-aware", "round-robin", "dynamo-cost:w=1", "random"),
    isFetching: fc.boolean(),
    seats: oneOfValues(8, 16, 4, 2, 1),
    budget: oneOfValues(64, 3, 8, 16, 1),
    preemption: oneOfValues("newest", "oldest"),
    deadlineNs: oneOfValues(-1, -1, -1, 6000, 2000, -1, -1),
    ttftDeadlineNs: oneOfValues(-1, -1, -1, 2000, 700, -1, -1),
    concurrency: oneOfValues(-1, -1, 1, 3, -1, -1),
    isPatient: fc.boolean(),
    isRound: fc.boolean(),
    requests: fc.array(request, { maxLength, size: "max" }),
  });

/** Traces of up to 10 requests, after those in which engines are known to go wrong. */
export const scenes = (): Given<Scene> => ({
  arbitrary: scene(10),
  plain: scene(100),
  small: () => KNOWN_SCENES,
});
