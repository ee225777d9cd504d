/** The comparisons that are recorded in the reports, as data: which traces, which options, and what they are to show. */
import { join } from "node:path";
import { type ReplayOptions, readReplayOptions } from "#replay";
import { type ComparedRun, compareRuns, comparisonReport, type ReportFile } from "#report";
import type { Store, StoredRun } from "#store";
import { bundledTraces, hashFile } from "#trace";
import { storedRuns } from "./find-run.ts";
import { PLACES } from "./places.ts";
import { type KeptRun, replayStored } from "./replay-stored.ts";

/** One run of a comparison, under the name that it goes by there. */
type Contender = { readonly name: string; readonly options: ReplayOptions };

/** Some runs side by side, on one trace or several. */
export type RecordedComparison = {
  /** Of its files: `compare-NAME.md`. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Bundled traces, by the names that they have there. */
  readonly traces: readonly string[];
  readonly contenders: readonly Contender[];
};

/** Eight times the bundled traces' pace: workers are busy, and nobody is drowned. */
const BUSY = {
  load: { speedup: 8 },
  slo: { ttft_ns: 500_000_000, tpot_ns: 15_000_000 },
};

const POLICIES = [
  "kv-aware:bound=2",
  "dynamo-cost:w=1",
  "round-robin",
  "least-loaded",
  "random",
] as const;

const policies: RecordedComparison = {
  name: "policies",
  title: "Policies",
  about:
    "The same requests at eight times their pace, routed in five ways, on nine workers of TP 8. What another worker holds is computed again, so that a router alone decides what is found. Goodput is a first token within 500 ms and each further one within 15 ms.",
  traces: ["conversation-1k", "sessions-1k"],
  contenders: POLICIES.map((policy) => ({
    name: policy,
    options: readReplayOptions({ ...BUSY, policy, remote_hits: "recompute" }),
  })),
};

const half = (role: "prefill" | "decode", replicas: number) => ({
  model: "llama-405b",
  role,
  replicas,
});

const SERVINGS = {
  "9 together": [{ model: "llama-405b" }],
  "4 prefill + 5 decode": [half("prefill", 4), half("decode", 5)],
  "3 prefill + 6 decode": [half("prefill", 3), half("decode", 6)],
} as const;

const serving: RecordedComparison = {
  name: "serving",
  title: "Aggregated against disaggregated",
  about:
    "The same requests at eight times their pace on nine workers of TP 8, with blocks of 16 tokens: all workers do whole requests, or some only prefill and hand their KV over to the others. Goodput is a first token within 500 ms and each further one within 15 ms.",
  traces: ["conversation-1k"],
  contenders: Object.entries(SERVINGS).map(([name, deploy]) => ({
    name,
    options: readReplayOptions({ ...BUSY, policy: "dynamo-cost:w=1", block_tokens: 16, deploy }),
  })),
};

/** All of them, in the order in which they are made. */
export const COMPARISONS: readonly RecordedComparison[] = [policies, serving];

/** A run that was made for a comparison. */
export type ContendingRun = KeptRun & { readonly name: string };

/** How many runs a comparison has. */
export const runsIn = ({ traces, contenders }: RecordedComparison): number =>
  traces.length * contenders.length;

/** What the bundled traces are called in a database, by their own names: somebody may have imported their files under others. */
export type StoredNames = ReadonlyMap<string, string>;

/** Looks for the bundled traces in a database, by the bytes of their files. Those that are not there are left out. */
export const storedNames = async (store: Pick<Store, "traces">): Promise<StoredNames> => {
  const traces = store.traces();
  const names = new Map<string, string>();
  for (const { name, file } of bundledTraces) {
    const { sha256 } = await hashFile(join(PLACES.root, file));
    const stored = traces.find((trace) => trace.sha256 === sha256);
    if (stored !== undefined) names.set(name, stored.name);
  }
  return names;
};

/** Makes and keeps the runs of a comparison, a trace at a time. What is stored already is found to be the same. */
export function* runsOf(
  store: Store,
  { traces, contenders }: RecordedComparison,
  names: StoredNames,
): Generator<ContendingRun> {
  for (const trace of traces) {
    for (const { name, options } of contenders) {
      yield { name, ...replayStored(store, names.get(trace) ?? trace, options) };
    }
  }
}

type Part = { readonly trace: string; readonly runs: readonly (ComparedRun & StoredRun)[] };

/** The runs of a comparison by trace; nothing when one of them is not stored. */
const partsIn = (
  find: ReturnType<typeof storedRuns>,
  { traces, contenders }: RecordedComparison,
  names: StoredNames,
): readonly Part[] | undefined => {
  const parts = traces.map((bundled) => {
    const trace = names.get(bundled) ?? bundled;
    const runs = contenders.flatMap(({ name, options }) => {
      const run = find(trace, options);
      return run === undefined ? [] : [{ ...run, name }];
    });
    return { trace, runs };
  });
  return parts.every(({ runs }) => runs.length === contenders.length) ? parts : undefined;
};

/** Comparisons as files of a report, and the numbers of the runs that they are made of. */
export type Recorded = {
  readonly files: readonly ReportFile[];
  readonly runIds: ReadonlySet<number>;
};

/** The comparisons of which every run is stored. */
export const recordedIn = async (store: Pick<Store, "runs" | "traces">): Promise<Recorded> => {
  const find = storedRuns(store);
  const names = await storedNames(store);
  const whole = COMPARISONS.flatMap((comparison) => {
    const parts = partsIn(find, comparison, names);
    return parts === undefined ? [] : [{ comparison, parts }];
  });
  return {
    files: whole.flatMap(({ comparison: { name, title, about }, parts }) =>
      comparisonReport(
        name,
        title,
        about,
        parts.map(({ trace, runs }) => ({ name: trace, comparison: compareRuns(runs) })),
      ),
    ),
    runIds: new Set(
      whole.flatMap(({ parts }) => parts.flatMap(({ runs }) => runs.map(({ runId }) => runId))),
    ),
  };
};
