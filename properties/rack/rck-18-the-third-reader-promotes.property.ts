import type { MachineCall, MachineReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { blockBytesOf, domainOf, workerAt } from "./reading.ts";
import type { RackCase } from "./setup.ts";
import { answered, happened, type Step, someStep, stepsOf, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** A block with its kind, as text: `a/fp8/fp8/tp1 7`. */
type Name = string;

/** A switch, kept as simply as can be: what lies there, least recent first, and who has read what else. */
type Switch = { lies: readonly Name[]; readonly readers: Map<Name, Set<number>> };

const empty = (): Switch => ({ lies: [], readers: new Map() });

const sizeOf = (name: Name): number => blockBytesOf(name.split(" ")[0] ?? "");

const fits = (lies: readonly Name[], capacity: number): boolean =>
  lies.reduce((sum, name) => sum + sizeOf(name), 0) <= capacity;

/** A worker has read a block that the switch did not serve. */
const read = (one: Switch, name: Name, reader: number, capacity: number): void => {
  if (one.lies.includes(name) || sizeOf(name) > capacity) return;
  const readers = (one.readers.get(name) ?? new Set()).add(reader);
  one.readers.set(name, readers);
  if (readers.size < 3) return;
  one.readers.delete(name);
  one.lies = [...one.lies, name];
  while (!fits(one.lies, capacity)) one.lies = one.lies.slice(1);
};

/** The switch has served a block: it is the most recent. */
const serve = (one: Switch, name: Name): void => {
  one.lies = [...one.lies.filter((other) => other !== name), name];
};

/** Who has read what, and what the switches make of it. */
class Naive {
  readonly switches: (Switch | undefined)[] = [empty(), empty()];
  private readonly sent = new Map<number, readonly number[]>();
  private readonly capacity: number;

  constructor({ switchBytes }: RackCase) {
    this.capacity = switchBytes;
  }

  hear(step: Step): void {
    const { call, reply, before, events } = step;
    if (call.kind === "send" && answered(reply, "sent")) this.sent.set(call.request, call.blocks);
    for (const event of events) {
      if (event.kind !== "fetched") continue;
      const fetch = before.fetches.find(
        ({ request, dueNs }) => request === event.request && dueNs === event.atNs,
      );
      if (fetch && "worker" in fetch.source) this.readAll(step, fetch.worker, fetch.blocks);
    }
    this.hearCall(step, call, reply);
  }

  private hearCall(step: Step, call: MachineCall, reply: MachineReply): void {
    if (call.kind === "start" || call.kind === "fetch") {
      const blocks = this.sent.get(call.request) ?? [];
      const worker = step.after.requests.find(({ request }) => request === call.request)?.worker;
      const hits = answered(reply, "started")?.hits ?? 0;
      this.readAll(step, worker ?? -1, blocks.slice(0, hits));
      const fetching = answered(reply, "fetching");
      if (fetching && "domain" in fetching.source) {
        const served = blocks.slice(fetching.run - fetching.blocks, fetching.run);
        this.serveAll(step, worker ?? -1, served);
      }
    }
    if (!("domain" in call)) return;
    if (answered(reply, "lost")) this.switches[call.domain] = undefined;
    if (answered(reply, "regained")) this.switches[call.domain] ??= empty();
  }

  private readAll({ before }: Step, worker: number, blocks: readonly number[]): void {
    const kind = workerAt(before, worker)?.running;
    const own = this.switches[domainOf(worker)];
    for (const block of blocks) if (own) read(own, `${kind} ${block}`, worker, this.capacity);
  }

  private serveAll({ before }: Step, worker: number, blocks: readonly number[]): void {
    const kind = workerAt(before, worker)?.running;
    const own = this.switches[domainOf(worker)];
    for (const block of blocks) if (own) serve(own, `${kind} ${block}`);
  }
}

export default property({
  id: "RCK-18",
  part: "rack",
  statement:
    "a switch has exactly what three workers of its domain have read at home or by a copy from another, but not from it; the least recent goes until there is room; a switch lost and regained begins anew",
  given: rackCases(),
  subject: fastRack,
  scripts: watched,
  holds(given, replies): Finding | undefined {
    const naive = new Naive(given);
    for (const step of stepsOf(given, replies)) {
      naive.hear(step);
      const expected = naive.switches.map((one) => one?.lies ?? null);
      const found = step.after.switches.map(
        (blocks) => blocks?.map(([kind, block]) => `${kind} ${block}`) ?? null,
      );
      const difference = expectSame(step, expected, found, "in the switches");
      if (difference) return difference;
    }
    return undefined;
  },
  witnesses: {
    "a promotion": someStep(happened("promoted")),
    "an eviction": someStep(happened("evicted")),
    "a hit at home that promotes": someStep(
      ({ call, events }) => call.kind === "start" && events.some(({ kind }) => kind === "promoted"),
    ),
    "a copy from the switch": someStep(
      ({ reply }) => "domain" in (answered(reply, "fetching")?.source ?? {}),
    ),
    "a switch that is lost": someStep(({ after }) => after.switches.includes(null)),
  },
  mutants: mutants(
    "counts a reader wherever it is",
    "counts each GPU of a worker",
    "counts readings, not readers",
    "promotes at the second reader",
    "counts nobody who reads at home",
    "counts only the first block of what is read",
    "promotes without a look at the switch's size",
    "gives a switch back with what it had",
  ),
});
