import { REPLAY_DEFAULTS, replay } from "#replay";
import { PROBES } from "./bounds.ts";
import type { Contest } from "./contest.ts";
import type { Bar, Measure, Sample } from "./figure.ts";
import { insideOf, probes } from "./probes.ts";
import { blockCounts, importLengths, importLongerAnswers, withCopy } from "./replay-inputs.ts";
import { type Stage, wholeProcess } from "./stage.ts";

/**
 * What a replay does with each block that a request refers to, at the least: looks it up in the directory, looks it up in a pool, and if it is
 * not there takes a slot for it and lists it, or if it is asks the directory once more whether the hit is one.
 */
const OPERATIONS_PER_REFERENCE = 4;

/** Blocks as vLLM and Dynamo have them. */
const FINE_TOKENS = 16;

/** What a replay must reach with blocks of a size: so many requests a second, in so much memory. */
type Reach = { readonly tokens: number; readonly perSecond: number; readonly bytes: number };

/** Both sizes of block that are measured, or one when the trace's cannot be cut to the other. */
const sizesOf = ({ conversation: { blockTokens } }: Stage): readonly Reach[] => {
  const own = blockTokens ?? 64;
  const coarse = { tokens: own, perSecond: 20_000, bytes: 200e6 };
  const isCut = own !== FINE_TOKENS && (blockTokens === null || own % FINE_TOKENS === 0);
  return isCut ? [{ tokens: FINE_TOKENS, perSecond: 8000, bytes: 300e6 }, coarse] : [coarse];
};

const named = (tokens: number): string => `${tokens}-token blocks`;

/** Replays a stored trace, in a process of its own: its start and its keeping included. */
const run = async (
  stage: Stage,
  name: string,
  requests: number,
  { db = stage.db, flags = [] }: { readonly db?: string; readonly flags?: readonly string[] } = {},
): Promise<Sample> => {
  const line = ["replay", name, "--db", db, "--json", ...flags];
  return wholeProcess(await stage.program(line, [1]), requests);
};

const sized = (tokens: number): readonly string[] => ["--block-tokens", String(tokens)];

/** Replaying as a user does, with all invariants on. */
const replayCommand = (stage: Stage, { tokens, perSecond, bytes }: Reach): Contest => {
  const { rows } = stage.conversation.file;
  const { refs, distinct } = blockCounts(stage.conversation, tokens);
  const name = `replay, ${named(tokens)}`;
  return {
    ...stage.sizes,
    run: () => run(stage, "conversation", rows, { flags: sized(tokens) }),
    bound: PROBES,
    runBound: async () =>
      wholeProcess(await probes(stage, distinct, refs * OPERATIONS_PER_REFERENCE), rows),
    measures: [
      { name, unit: "ms" },
      { name, unit: "requests/s", bar: { kind: "atLeast", value: perSecond } },
      { name, unit: "bytes", bar: { kind: "below", value: bytes } },
    ],
  };
};

/** What it costs to watch. */
const allChecks = (stage: Stage, { tokens }: Reach): Contest => {
  const { rows } = stage.conversation.file;
  const flags = sized(tokens);
  return {
    ...stage.sizes,
    run: () => run(stage, "conversation", rows, { flags }),
    bound: { name: "unwatched replay", about: "the same replay with no invariant watched" },
    runBound: () => run(stage, "conversation", rows, { flags: [...flags, "--checks", "none"] }),
    measures: [
      {
        name: `replay, all invariants, ${named(tokens)}`,
        unit: "ms",
        bar: { kind: "ratioAtMost", value: 1.5 },
      },
    ],
  };
};

/** Work that is done when it is first asked for, and once. */
const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work();
    return done;
  };
};

const TIMES = 10;

/** The same requests with answers ten times as long: a phase of decoding is one leap, however long. */
const longerAnswers = (stage: Stage): Contest => {
  const { rows } = stage.conversation.file;
  const imported = once(() => importLongerAnswers(stage, TIMES));
  return {
    ...stage.sizes,
    run: async () => run(stage, await imported(), rows),
    bound: { name: "answers as they are", about: "the same requests with the answers they have" },
    runBound: () => run(stage, "conversation", rows),
    measures: [
      {
        name: `replay, answers × ${TIMES}`,
        unit: "ms",
        bar: { kind: "ratioAtMost", value: 1.2 },
      },
    ],
  };
};

/** The replay itself, of requests that are in memory, by a process that has warmed up. */
const replayAlone = (stage: Stage): Contest => {
  const { requests, blockTokens, blockRefs, distinctBlocks, models } = stage.conversation;
  const trace = { requests, blockTokens, models, distinctBlocks };
  const operations = blockRefs * OPERATIONS_PER_REFERENCE;
  const bar: Bar = { kind: "atLeast", value: 20_000 };
  return {
    ...stage.sizes,
    run: async () => {
      const startMs = stage.clock();
      replay(trace, REPLAY_DEFAULTS);
      return { ms: stage.clock() - startMs, count: requests.length, peakBytes: undefined };
    },
    bound: PROBES,
    runBound: async () =>
      insideOf(await probes(stage, distinctBlocks, operations), requests.length),
    measures: [{ name: "replay, the replay alone", unit: "requests/s", bar }],
  };
};

/** A trace beside a tenth of it: time goes with its length, and memory does not. */
const longTrace = (stage: Stage): Contest => {
  const long = stage.sizes.longRequests;
  const short = Math.ceil(long / 10);
  const imported = once(() => importLengths(stage, [short, long]));
  const replayed = async (requests: number): Promise<Sample> =>
    run(stage, String(requests), requests, { db: await imported() });
  const figure = (unit: Measure["unit"], most: number): Measure => ({
    name: "replay, long trace",
    unit,
    bar: { kind: "ratioAtMost", value: most },
  });
  return {
    runs: 1,
    warmUps: 0,
    run: () => replayed(long),
    bound: {
      name: "its first tenth",
      about: `replays the first ${short} of the long trace's ${long} requests`,
    },
    runBound: () => replayed(short),
    measures: [figure("ms", 11), figure("bytes", 1.2)],
  };
};

/** Eight points: two policies, and four sizes of pool. */
const GRID = ["policy=kv-aware,round-robin", "capacity-blocks=2000,4000,8000,default"];

/** Many replays of one trace at once. */
const sweep = (stage: Stage): Contest => {
  const line = ["sweep", "conversation", ...GRID.flatMap((axis) => ["--vary", axis]), "--json"];
  const swept = (threads: number): Promise<Sample> =>
    withCopy(stage, async (db) =>
      wholeProcess(await stage.program([...line, "--threads", String(threads), "--db", db], [1])),
    );
  return {
    runs: stage.sizes.verifyRuns,
    warmUps: 0,
    run: () => swept(2),
    bound: { name: "one thread", about: "the same sweep on one thread" },
    runBound: () => swept(1),
    measures: [{ name: "sweep, 8 points on 2 threads", unit: "ms" }],
  };
};

/** A whole rack serving a trace: how quickly, in how much memory, and what that goes with. */
export const replayContests = (stage: Stage): readonly Contest[] => {
  const sizes = sizesOf(stage);
  return [
    ...sizes.map((size) => replayCommand(stage, size)),
    ...sizes.map((size) => allChecks(stage, size)),
    longerAnswers(stage),
    replayAlone(stage),
    ...(stage.sizes.longRequests > 0 ? [longTrace(stage)] : []),
    sweep(stage),
  ];
};
