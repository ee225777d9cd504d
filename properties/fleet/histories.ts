/** The histories that the fleet's properties range over: few owners, three models, gangs that stand together or apart. */
import fc from "fast-check";
import { type Given, histories, oneOfValues, sequences } from "#verify";
import { type Act, FIGURES, type FleetCase } from "./setup.ts";

const kindOf = <Kind extends string>(kind: Kind) => oneOfValues(kind);

const owner = oneOfValues<number>(0, 0, 1, 1, 2);
const model = oneOfValues("a", "a", "b", "c");
const format = oneOfValues("fp8", "fp8", "fp8", "fp8", "fp4", "fp16");
const running = { model, weightFormat: format, kvFormat: oneOfValues("fp8", "fp8", "fp8", "fp4") };
const gpu = fc.nat({ max: FIGURES.gpus - 1 });
const tp = oneOfValues<number>(1, 1, 2, 4, 3);
const priority = oneOfValues<number>(0, 0, 0, 1);
const capacityMost = oneOfValues<number>(9, 2);

const hardware = (kind: "lose" | "regain") =>
  fc.oneof(
    fc.record({ kind: kindOf(kind), gpu }),
    fc.record({ kind: kindOf(kind), superchip: fc.nat({ max: 3 }) }),
    fc.record({ kind: kindOf(kind), domain: fc.nat({ max: 1 }) }),
    fc.record({ kind: kindOf(kind), worker: gpu }),
  );

/** Long enough for any weights to arrive. */
const LOADED: Act = { kind: "wait", ns: 9000 };

/** Every act, as it is drawn, recognised and shrunk. */
const ACTS = {
  apart: fc.record({
    kind: kindOf("deploy"),
    owner,
    ...running,
    tp,
    replicas: oneOfValues<number | null>(1, 2, 4, null, null, 0),
    placed: kindOf("apart"),
    warm: oneOfValues<boolean>(false, true),
    priority,
    capacityMost,
  }),
  together: fc.record({
    kind: kindOf("deploy"),
    owner,
    ...running,
    tp,
    replicas: oneOfValues<number>(1, 2, 3, 0),
    placed: kindOf("together"),
    warm: oneOfValues<boolean>(false, true),
    priority,
    topology: oneOfValues<NonNullable<object>>(
      {},
      { required: "different-domains" },
      { preferred: { near: 5 } },
    ),
  }),
  redeploy: fc.record({ kind: kindOf("redeploy"), owner }),
  undeploy: fc.record({ kind: kindOf("undeploy"), owner }),
  swapOwner: fc.record({ kind: kindOf("swap"), owner, ...running, capacityMost }),
  swapWorker: fc.record({ kind: kindOf("swap"), worker: gpu, ...running }),
  hold: fc.record({ kind: kindOf("hold"), worker: gpu, blocks: fc.nat({ max: 7 }) }),
  lose: hardware("lose"),
  regain: hardware("regain"),
  load: oneOfValues<Act>(LOADED),
  wait: fc.record({ kind: kindOf("wait"), ns: oneOfValues<number>(400, 900, 1500, 9000) }),
} as unknown as Readonly<Record<string, fc.Arbitrary<Act>>>;

const RUNNING = { weightFormat: "fp8", kvFormat: "fp8" } as const;

/** Replicas that stand apart. */
const apart = (
  owner: number,
  model: string,
  tp: number,
  replicas: number | null,
  warm = true,
): Act => ({ kind: "deploy", owner, model, ...RUNNING, tp, replicas, placed: "apart", warm });

/** The same as one gang. */
const together = (owner: number, model: string, tp: number, replicas: number): Act => ({
  kind: "deploy",
  owner,
  model,
  ...RUNNING,
  tp,
  replicas,
  placed: "together",
  warm: true,
});

const swap = (worker: number, model: string): Act => ({ kind: "swap", worker, model, ...RUNNING });

/** Fleets that run: one model apart, two models, workers of two GPUs, weights under way, a swap under way. */
const BEGINNINGS: readonly FleetCase[] = [
  [],
  [apart(0, "a", 1, 2), apart(1, "c", 2, null)],
  [{ ...apart(0, "a", 1, 1, false), capacityMost: 2 } as Act, apart(1, "b", 1, 2, false)],
  [together(0, "a", 1, 2), apart(1, "b", 1, 1, false), LOADED, apart(2, "a", 2, 4)],
  [apart(0, "a", 1, 4)],
  [apart(0, "a", 1, 2), apart(1, "b", 1, 1), together(2, "c", 1, 2)],
  [apart(0, "a", 2, 2), together(1, "a", 2, 2)],
  [apart(0, "b", 1, 1), apart(1, "b", 1, 3, false)],
  [apart(0, "a", 1, 2), apart(1, "b", 1, 1), { kind: "hold", worker: 0, blocks: 1 }, swap(0, "c")],
];

/** What random histories seldom come to. */
const SCENES: readonly FleetCase[] = [
  // The only source of a swap is lost, and it is given up; then it comes from outside, and from a GPU.
  [
    apart(0, "a", 1, 2),
    apart(1, "b", 1, 1),
    swap(1, "b"),
    { kind: "lose", gpu: 2 },
    swap(1, "b"),
    LOADED,
    swap(0, "b"),
    LOADED,
  ],
  // A source is lost while another is there, then the last.
  [
    apart(0, "a", 1, 1),
    apart(1, "a", 1, 1),
    apart(2, "a", 1, 2, false),
    { kind: "wait", ns: 400 },
    { kind: "lose", worker: 0 },
    { kind: "wait", ns: 400 },
    { kind: "undeploy", owner: 1 },
    LOADED,
  ],
  // Everything is lost and comes back, one part after the other.
  [
    apart(0, "a", 2, 3),
    together(1, "b", 1, 2),
    { kind: "lose", domain: 0 },
    { kind: "redeploy", owner: 0 },
    { kind: "lose", domain: 1 },
    { kind: "regain", superchip: 0 },
    { kind: "redeploy", owner: 0 },
    { kind: "regain", domain: 0 },
    { kind: "redeploy", owner: 0 },
    LOADED,
  ],
  // A worker that has been swapped is lost; its owner's own model comes back.
  [
    apart(0, "a", 1, 1),
    swap(0, "c"),
    LOADED,
    { kind: "lose", worker: 0 },
    { kind: "redeploy", owner: 0 },
    { kind: "regain", worker: 0 },
    LOADED,
  ],
  // Held blocks are in the way of a swap, and then are not.
  [
    apart(0, "a", 1, 8),
    { kind: "hold", worker: 3, blocks: 6 },
    swap(3, "b"),
    { kind: "hold", worker: 3, blocks: 0 },
    swap(3, "b"),
    { kind: "hold", worker: 3, blocks: 1 },
    LOADED,
  ],
  // One is lost who was to pass weights on.
  [
    apart(0, "b", 1, 1),
    apart(1, "b", 1, 3, false),
    { kind: "wait", ns: 400 },
    { kind: "lose", gpu: 3 },
    LOADED,
  ],
  // Priority ends some workers of an owner, who gets them back later.
  [
    apart(0, "a", 1, 8),
    { ...together(1, "b", 2, 1), priority: 1 } as Act,
    { kind: "redeploy", owner: 0 },
    { kind: "undeploy", owner: 1 },
    { kind: "redeploy", owner: 0 },
  ],
];

const letters = histories<Act>({
  operations: ACTS,
  small: { alphabet: [], depth: 0 },
  maxLength: 8,
});

/** One thing of each sort. */
const ALPHABET: readonly Act[] = [
  apart(0, "a", 1, null),
  apart(1, "b", 1, 1, false),
  together(2, "a", 2, 2),
  swap(0, "b"),
  { kind: "lose", superchip: 0 },
  { kind: "regain", domain: 0 },
  { kind: "redeploy", owner: 0 },
  { kind: "undeploy", owner: 0 },
  LOADED,
];

/** Drawn histories on a fleet that runs or does not. The small scope has the scenes, and every sequence of up to so many of 9 acts. */
export const fleetCases = (depth = 1): Given<FleetCase> => ({
  arbitrary: fc
    .tuple(
      fc.constantFrom(...BEGINNINGS, ...SCENES.map((scene) => scene.slice(0, 4))),
      letters.arbitrary,
    )
    .map(([beginning, drawn]) => [...beginning, ...drawn]),
  plain: fc.array(
    fc.oneof(
      ...Object.values(ACTS),
      fc.record({ kind: kindOf("wait"), ns: fc.nat({ max: 100_000 }) }),
      // As the acts of beginnings and scenes are written.
      ...[...BEGINNINGS, ...SCENES].flat().map((act) => oneOfValues<Act>(act)),
    ),
    { maxLength: 200, size: "max" },
  ),
  *small() {
    yield* SCENES;
    for (const drawn of sequences(ALPHABET, depth)) yield drawn;
  },
});
