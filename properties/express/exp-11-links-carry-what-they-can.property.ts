import type { Execution, ExpressLinks, WeightTransfer } from "#rack";
import { type Finding, finding, property, values } from "#verify";
import { executors } from "./executing-mutants.ts";
import { executionIn, sharedBy, sole, transfersOf } from "./reading.ts";
import { executing, linksFor, reference, someCourse } from "./requests.ts";

const NEARLY = 1 + 1e-9;

type Transfers = ReadonlyMap<number, WeightTransfer>;

/** Something that carries more than it can. */
const tooMuch = (
  { spans }: Execution,
  transfers: Transfers,
  links: ExpressLinks,
): Finding | undefined => {
  for (const [at, { rates }] of spans.entries()) {
    const perNano = new Map(rates.map((one) => [one.transfer, one.perNano]));
    const sending = rates.flatMap((one) => transfers.get(one.transfer) ?? []);
    for (const shared of sharedBy(links, sending)) {
      const sum = shared.transfers.reduce((all, { id }) => all + (perNano.get(id) ?? 0), 0);
      const most = shared.rate / 1e9;
      if (sum > most * NEARLY) return finding(0, most, sum, `span ${at}`);
    }
  }
  return undefined;
};

/** The bytes that flowed of each transfer, by rates. */
const flowedBy = ({ spans }: Execution): ReadonlyMap<number, number> => {
  const flowed = new Map<number, number>();
  for (const { fromNs, toNs, rates } of spans) {
    for (const { transfer, perNano } of rates) {
      flowed.set(transfer, (flowed.get(transfer) ?? 0) + perNano * (toNs - fromNs));
    }
  }
  return flowed;
};

/** A transfer of which other bytes flowed than arrived. */
const unlike = (execution: Execution, transfers: Transfers): Finding | undefined => {
  const flowed = flowedBy(execution);
  for (const event of execution.events) {
    if (event.kind !== "arrived" && event.kind !== "cut") continue;
    const { from, to } = transfers.get(event.transfer) as WeightTransfer;
    const size = (event.kind === "cut" ? event.arrivedTo : to) - from;
    const most = event.kind === "cut" ? size + 1 : size;
    const found = flowed.get(event.transfer) ?? 0;
    if (found < size / NEARLY - 1e-9 || found > most * NEARLY)
      return finding(0, size, found, `bytes of transfer ${event.transfer}`);
  }
  return undefined;
};

export default property({
  id: "EXP-11",
  part: "express",
  statement:
    "at no instant does a GPU send, receive or a link carry more than it can; and the rates of every transfer add up to the bytes of it that arrived",
  given: values(someCourse),
  subject: reference,
  scripts: (course) => [[executing(course)]],
  holds(course, replies) {
    const execution = executionIn(sole(replies));
    if (execution === undefined) return undefined;
    const transfers = transfersOf(execution);
    return tooMuch(execution, transfers, linksFor(course)) ?? unlike(execution, transfers);
  },
  witnesses: {
    "several transfers that share something": (_, replies) =>
      executionIn(sole(replies))?.spans.some(({ rates }) => rates.length > 2) ?? false,
    "a transfer that is cut in the middle": (_, replies) =>
      executionIn(sole(replies))?.events.some(
        (event) => event.kind === "cut" && event.arrivedTo > 0,
      ) ?? false,
  },
  mutants: executors(
    "lets all send at the full rate of their links",
    "forgets what a receiver can take in",
    "forgets what a sender can send",
    "forgets that links differ",
    "says of a cut transfer that it is whole",
    "forgets what had arrived",
  ),
});
