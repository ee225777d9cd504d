import type { MachineSight } from "#rack";
import { expectSame, expectTrue, type Finding, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { leading, workerAt } from "./reading.ts";
import { answered, happened, type Step, someStep, stepsOf, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** What has been computed where: `0 a/fp8/fp8/tp1 7` says that worker 0 computed block 7 of that kind. */
type Computed = Set<string>;

/** The blocks of requests, by number. */
type Sent = Map<number, readonly number[]>;

/** Who copies from whom must run the same kind; what arrives is then as good as computed there. */
const copiesIn = (step: Step): Finding | undefined => {
  const { after } = step;
  for (const fetch of after.fetches) {
    const target = workerAt(after, fetch.worker)?.running;
    const source =
      "worker" in fetch.source ? workerAt(after, fetch.source.worker)?.running : target;
    const found = expectSame(step, target, source, "the kinds of who copies from whom");
    if (found) return found;
  }
  return undefined;
};

const hear = (computed: Computed, sent: Sent, { call, reply, after }: Step): void => {
  if (call.kind === "send" && answered(reply, "sent")) sent.set(call.request, call.blocks);
  if (call.kind === "fill" && answered(reply, "filled")) {
    const number = after.requests.find(({ request }) => request === call.request)?.worker ?? -1;
    const kind = workerAt(after, number)?.running;
    for (const block of sent.get(call.request) ?? []) computed.add(`${kind} ${block}`);
  }
};

/** Everything that can be read anywhere, with its kind. */
const readableIn = ({ workers, switches }: MachineSight): readonly string[] => [
  ...workers.flatMap(({ running, readable }) => readable.map((block) => `${running} ${block}`)),
  ...switches.flatMap((blocks) => (blocks ?? []).map(([kind, block]) => `${kind} ${block}`)),
];

export default property({
  id: "RCK-12",
  part: "rack",
  statement:
    "a hit is the leading run that the worker's pool can read, and whatever can be read anywhere has been computed by a worker of that very kind: never another model, format or degree",
  given: rackCases(),
  subject: fastRack,
  scripts: watched,
  holds(given, replies): Finding | undefined {
    const computed: Computed = new Set();
    const sent: Sent = new Map();
    for (const step of stepsOf(given, replies)) {
      hear(computed, sent, step);
      const { call, reply, before, after } = step;
      const stray = readableIn(after).find((block) => !computed.has(block));
      const started = call.kind === "start" && answered(reply, "started");
      const request = before.requests.find(
        (one) => "request" in call && one.request === call.request,
      );
      const pool = workerAt(before, request?.worker ?? -1)?.readable ?? [];
      const run = "request" in call ? leading(sent.get(call.request) ?? [], pool) : 0;
      const found =
        expectTrue(step, stray === undefined, "blocks that somebody has computed", stray) ??
        (started && expectSame(step, run, started.hits, "hits")) ??
        copiesIn(step);
      if (found) return found;
    }
    return undefined;
  },
  witnesses: {
    "a hit": someStep(({ reply }) => (answered(reply, "started")?.hits ?? 0) > 0),
    "a copy that arrives": someStep(happened("fetched")),
    "one prompt held for two models": someStep(({ after }) =>
      after.workers.some(({ running, readable }) =>
        after.workers.some(
          (other) => other.running !== running && other.readable.includes(readable[0] ?? -1),
        ),
      ),
    ),
    "a hit after a swap": someStep(
      ({ reply, after }) =>
        (answered(reply, "started")?.hits ?? 0) > 0 &&
        after.workers.some(({ owner, running }) => owner === 0 && running.startsWith("b")),
    ),
  },
  mutants: mutants(
    "names the blocks of all kinds alike",
    "makes a block readable that nobody has computed",
    "hits what is being filled",
  ),
});
