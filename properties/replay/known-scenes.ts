/** Scenes in which engines went wrong, as small as they could be made: the small scope of the properties of runs. */
import type { Scene, SceneRequest } from "./scene.ts";

/** One worker with ample room, round times, and nobody who is in a hurry. */
const PLAIN: Scene = {
  workers: 1,
  decoders: -1,
  tp: 1,
  capacity: 12,
  decoderCapacity: 12,
  policy: "kv-aware:bound=2",
  isFetching: false,
  seats: 8,
  budget: 64,
  preemption: "newest",
  deadlineNs: -1,
  ttftDeadlineNs: -1,
  concurrency: -1,
  isPatient: false,
  isRound: true,
  requests: [],
};

/** A prompt of so many blocks, and so much output. */
const asks = (
  blocks: number,
  outputTokens: number,
  more: Partial<SceneRequest> = {},
): SceneRequest => ({
  gapNs: 0,
  path: Array.from({ length: blocks }, () => 0),
  spare: 0,
  outputTokens,
  session: -1,
  delayNs: -1,
  priority: 0,
  patienceNs: -1,
  ...more,
});

const scene = (requests: readonly SceneRequest[], more: Partial<Scene> = {}): Scene => ({
  ...PLAIN,
  ...more,
  requests,
});

/** Simplest first. */
export const KNOWN_SCENES: readonly Scene[] = [
  // Steps that read more and more, with a request that arrives in the middle of them, and one at the end of one.
  scene([asks(0, 5), asks(1, 5, { gapNs: 500 })]),
  scene([asks(0, 5), asks(1, 5)], { decoders: 2 }),
  scene([asks(0, 5), asks(0, 5, { gapNs: 100 })], { decoders: 2 }),
  // A whole rack, one request each.
  scene(
    Array.from({ length: 9 }, () => asks(1, 2)),
    { workers: 9, policy: "round-robin" },
  ),
  // Three blocks run out for two requests; the prompt of the second is as large as the pool.
  scene([asks(0, 9), asks(4, 2)], { capacity: 6, budget: 3 }),
  scene([asks(0, 14), asks(5, 22)]),
  scene([asks(6, 1)], { capacity: 6 }),
  // One preempted request that could come back at once but for those who stay.
  scene([asks(1, 22), asks(2, 9, { gapNs: 100 })], { decoders: 2, decoderCapacity: 6 }),
  // A prompt in chunks beside a decode.
  scene([asks(0, 5), asks(2, 1)], { budget: 3 }),
  // Deadlines: at the end of a step, in the middle of one, and while a move makes the worker plan anew.
  scene([asks(0, 5), asks(0, 5, { gapNs: 100 })], { deadlineNs: 2000 }),
  scene([asks(5, 1), asks(4, 2)], { decoders: 1, ttftDeadlineNs: 2000 }),
  scene([asks(2, 5), asks(3, 5)], { decoders: 1, deadlineNs: 2000, isRound: false }),
  // Somebody who would be looked at in time, until another one gives up room.
  scene([asks(1, 9), { ...asks(6, 5), path: [1, 0, 0, 0, 0, 0] }, asks(0, 5)], {
    workers: 2,
    decoders: 1,
    tp: 2,
    decoderCapacity: 8,
    deadlineNs: 2000,
    isRound: false,
  }),
  // A user who leaves while two moves share a link.
  scene(
    [
      { ...asks(3, 5), path: [1, 0, 0], patienceNs: 1000 },
      asks(0, 1, { gapNs: 100 }),
      { ...asks(1, 5), path: [1] },
    ],
    { decoders: 1, isRound: false },
  ),
  // A turn and a row of the trace that come at the same instant.
  scene(
    [
      asks(1, 2, { spare: 3, session: 0 }),
      asks(0, 1, { session: 0, delayNs: 0 }),
      asks(0, 1, { gapNs: 100 }),
      asks(0, 1, { gapNs: 100 }),
    ],
    { tp: 2 },
  ),
  // A block that goes at one worker, for the step that begins at the instant at which another one would copy it.
  scene(
    [
      { ...asks(1, 1), path: [1] },
      { ...asks(2, 1, { spare: 3 }), path: [1, 0] },
      asks(2, 1),
      asks(5, 5),
      { ...asks(4, 5, { spare: 1, session: 0 }), path: [1, 1, 0, 0] },
      { ...asks(1, 9, { spare: 1, session: 0, delayNs: 0 }), path: [1] },
      { ...asks(4, 2, { spare: 1 }), path: [0, 1, 0, 0] },
      asks(1, 5),
      { ...asks(2, 1), path: [1, 0] },
    ],
    {
      workers: 9,
      capacity: 6,
      isFetching: true,
      seats: 1,
      budget: 1,
      deadlineNs: 6000,
      concurrency: 3,
    },
  ),
];
