import { nanos, randomStream } from "#base";
import {
  blockTokensOf,
  compareWithTargets,
  type GenerateOptions,
  generateTrace,
  type Measured,
  reuseDistances,
  type ShapeName,
  TARGETS,
  type TargetResult,
  type TraceRequest,
  traceStatistics,
} from "#trace";
import { finding, oneOfValues, property, type Subject, values } from "#verify";

type Case = { readonly shape: ShapeName; readonly seed: number };
type Call = GenerateOptions;
type Reply = readonly TargetResult[];

const tableOf = (shape: ShapeName) => TARGETS.find((table) => table.shape === shape);

const measured = (requests: Iterable<TraceRequest>, shape: ShapeName): Measured => {
  const trace = Array.from(requests);
  return {
    statistics: traceStatistics(trace, blockTokensOf(shape)),
    // Asked for by the targets of one shape only.
    get reuse() {
      return reuseDistances(trace);
    },
  };
};

/**
 * Holds what `generate` makes against the targets. A trace takes tens of milliseconds to measure,
 * so each is measured once.
 */
const measuring = (generate: (call: Call) => Iterable<TraceRequest>): Subject<Call, Reply> => {
  const known = new Map<string, Reply>();
  return () => (call) => {
    const key = `${call.shape} ${call.seed} ${call.requests}`;
    const table = tableOf(call.shape);
    if (table === undefined) return [];
    const reply = known.get(key) ?? compareWithTargets(table, measured(generate(call), call.shape));
    known.set(key, reply);
    return reply;
  };
};

/** A generator that does to each request, or to all of them, what it should not. */
const broken = (
  spoil: (trace: readonly TraceRequest[], call: Call) => readonly TraceRequest[],
): Subject<Call, Reply> => measuring((call) => spoil(Array.from(generateTrace(call)), call));

const withoutSharing = (trace: readonly TraceRequest[]): readonly TraceRequest[] => {
  let next = 0;
  return trace.map((request) => ({
    ...request,
    blocks: request.blocks.map(() => {
      next += 1;
      return next - 1;
    }),
  }));
};

const inAnyOrder = (trace: readonly TraceRequest[], { seed }: Call): readonly TraceRequest[] => {
  const random = randomStream(seed, "any order");
  const shuffled = [...trace];
  for (let left = shuffled.length; left > 1; left -= 1) {
    const at = random.below(left);
    const last = shuffled[left - 1] as TraceRequest;
    shuffled[left - 1] = shuffled[at] as TraceRequest;
    shuffled[at] = last;
  }
  return shuffled.map((request, at) => ({
    ...request,
    arrivalNs: (trace[at] as TraceRequest).arrivalNs,
  }));
};

const withLengthsOf =
  (shape: ShapeName) =>
  (trace: readonly TraceRequest[], call: Call): readonly TraceRequest[] => {
    const others = generateTrace({ ...call, shape });
    return trace.map((request) => {
      const { inputTokens, outputTokens } = others.next().value as TraceRequest;
      return { ...request, inputTokens, outputTokens };
    });
  };

const CASES: readonly [Case, ...Case[]] = [
  { shape: "azure-code", seed: 1 },
  { shape: "mooncake-conversation", seed: 1 },
  { shape: "azure-code", seed: 2 },
  { shape: "azure-conversation", seed: 1 },
  { shape: "mooncake-conversation", seed: 2 },
  { shape: "mooncake-toolagent", seed: 1 },
];

export default property<Case, Call, Reply>({
  id: "TRC-1",
  part: "trace",
  statement:
    "a generated trace comes near the published figures of its shape: lengths, arrivals, prefix reuse, LRU curve and reuse distances",
  // Few, because a case is a whole trace; the cheapest first, because mutants fall to them.
  given: values(oneOfValues(...CASES), () => CASES.slice(0, 2)),
  subject: measuring(generateTrace),
  scripts: ({ shape, seed }) => [[{ shape, seed, requests: tableOf(shape)?.requests ?? 1 }]],

  holds(_, [replies]) {
    const results = replies?.[0];
    if (results === undefined || results.length === 0) return finding(0, "targets", "none");
    const far = results.find(({ isNear }) => !isNear);
    return far && finding(0, `${far.target} ± ${far.tolerance * 100} %`, far.found, far.figure);
  },

  witnesses: {
    "a trace whose blocks are reused": (_, [replies]) =>
      (replies?.[0] ?? []).some(({ figure }) => figure === "ideal prefix hit"),
    "a trace without blocks": (_, [replies]) =>
      (replies?.[0] ?? []).every(({ figure }) => figure !== "ideal prefix hit"),
  },

  mutants: {
    "shares no prefix": broken(withoutSharing),
    "reuses blocks at random distances": broken(inAnyOrder),
    "takes its lengths from another shape": broken(withLengthsOf("bursts")),
    "spreads its arrivals evenly": broken((trace) =>
      trace.map((request, at) => ({ ...request, arrivalNs: nanos(at * 294_000_000) })),
    ),
    "answers always with the mean": broken((trace) =>
      trace.map((request) => ({ ...request, outputTokens: 343 })),
    ),
  },
});
