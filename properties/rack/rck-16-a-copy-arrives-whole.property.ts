import { expectSame, expectTrue, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { blockBytesOf, farApart, HOP_NS, HOPS, RATES, type Seen, workerAt } from "./reading.ts";
import { answered, atEveryStep, happened, type Step, someStep, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** How long so many blocks take, all shards at once; from the worker's own switch without a source. */
const spanNs = (target: Seen, source: Seen | undefined, blocks: number): number => {
  const shard = Math.ceil((blocks * blockBytesOf(target.running)) / target.gpus.length);
  const far = source ? farApart(target, source) : 2;
  const hops = source ? (HOPS[far] as number) : 1;
  const rate = BigInt(RATES.byDistance[far] as number);
  return hops * HOP_NS + Number((BigInt(shard) * 1_000_000_000n + rate - 1n) / rate);
};

/** A copy that has just begun takes as long as its bytes and its way. Rounding up may add a nanosecond to what divides evenly. */
const isTimed = ({ reply, after }: Step): boolean => {
  const fetching = answered(reply, "fetching");
  const fetch = after.fetches.at(-1);
  if (fetching === undefined || fetch === undefined) return fetching === undefined;
  const target = workerAt(after, fetch.worker);
  const source = "worker" in fetch.source ? workerAt(after, fetch.source.worker) : undefined;
  if (target === undefined || fetch.blocks.length !== fetching.blocks) return false;
  const late = fetching.ns - spanNs(target, source, fetching.blocks);
  return late >= 0 && late <= 1 && fetch.dueNs === after.nowNs + fetching.ns;
};

/** The copies of a step that arrived: each before, with its blocks at the instant that was said. */
const arrived = ({ before, events }: Step) =>
  before.fetches.filter(({ request, dueNs }) =>
    events.some(
      (event) => event.kind === "fetched" && event.request === request && event.atNs === dueNs,
    ),
  );

/** Copies whose end must be told: those that are there no more. */
const over = ({ before, after }: Step): number =>
  before.fetches.length +
  (after.fetches.length > before.fetches.length ? 1 : 0) -
  after.fetches.length;

const ends = ({ events }: Step): number =>
  events.filter(({ kind }) => kind === "fetched" || kind === "fetch-ended").length;

export default property({
  id: "RCK-16",
  part: "rack",
  statement:
    "a copy takes as long as its bytes and its way; until then none of it can be read at its target, then all of it can; every copy is told to have arrived or to have ended, once",
  given: rackCases(),
  subject: fastRack,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { before, after } = step;
    const early = after.fetches.find(({ worker, blocks }) =>
      blocks.some((block) => workerAt(after, worker)?.readable.includes(block)),
    );
    const late = after.fetches.find(({ dueNs }) => dueNs <= after.nowNs);
    const missing = arrived(step).find(({ worker, blocks }) => {
      const [was, is] = [workerAt(before, worker), workerAt(after, worker)];
      const isAsItWas = was?.running === is?.running && was?.owner === is?.owner;
      return isAsItWas && !blocks.every((block) => is?.readable.includes(block));
    });
    return (
      expectTrue(step, isTimed(step), "a copy that takes its time", after.fetches.at(-1) ?? null) ??
      expectTrue(step, early === undefined, "nothing to be read of a copy under way", early) ??
      expectTrue(step, late === undefined, "no copy beyond its instant", late) ??
      expectTrue(step, missing === undefined, "all of a copy that arrived", missing) ??
      expectSame(step, over(step), ends(step), "ends of copies")
    );
  }),
  witnesses: {
    "shards that arrive at several GPUs": someStep((step) =>
      arrived(step).some(({ worker }) => (workerAt(step.before, worker)?.gpus.length ?? 0) > 1),
    ),
    "a copy from a switch": someStep((step) =>
      arrived(step).some(({ source }) => "domain" in source),
    ),
    "a copy from another domain": someStep((step) =>
      arrived(step).some(
        ({ worker, source }) => "worker" in source && source.worker >> 2 !== worker >> 2,
      ),
    ),
    "a copy overtaken by its own request": someStep(({ events }) =>
      events.some((event) => event.kind === "fetch-ended" && event.because === "overtaken"),
    ),
    "a copy whose source is gone": someStep(({ events }) =>
      events.some((event) => event.kind === "fetch-ended" && event.because === "source-gone"),
    ),
    "a copy that arrives": someStep(happened("fetched")),
  },
  mutants: mutants("has a copy at once", "drops what has arrived", "copies take a nanosecond"),
});
