import type { Execution, WeightTransfer } from "#rack";
import { finding, property, values } from "#verify";
import { executors } from "./executing-mutants.ts";
import { executionIn, latencyOf, sharedBy, sole, transfersOf } from "./reading.ts";
import { type Course, executing, linksFor, reference, someCourse } from "./requests.ts";

const isNear = (left: number, right: number): boolean =>
  Math.abs(left - right) <= 1e-9 * Math.max(left, right);

/** Those who should be sending through a whole span: begun, first byte there, not yet arrived or cut. */
const underWay = (
  { events }: Execution,
  course: Course,
  transfers: ReadonlyMap<number, WeightTransfer>,
  fromNs: number,
): readonly number[] => {
  const begun = events.flatMap((event) => (event.kind === "started" ? [event] : []));
  return begun
    .filter(({ atNs, transfer }) => {
      const first = atNs + latencyOf(linksFor(course), transfers.get(transfer) as WeightTransfer);
      const { dst } = transfers.get(transfer) as WeightTransfer;
      const end = events.find((event) =>
        event.kind === "arrived" || event.kind === "cut"
          ? event.transfer === transfer
          : event.kind === "lost" && event.gpu === dst,
      );
      // An arrival is told of at the whole nanosecond after it, so that only earlier spans are sure to have it.
      return first <= fromNs && (end === undefined || fromNs < end.atNs - 1);
    })
    .map(({ transfer }) => transfer);
};

export default property({
  id: "EXP-12",
  part: "express",
  statement:
    "rates are max-min fair by bytes, or evenly if asked: everybody under way goes through something that is full and in which nobody has more for his weight",
  given: values(someCourse),
  subject: reference,
  scripts: (course) => [[executing(course)]],
  holds(course, replies) {
    const execution = executionIn(sole(replies));
    if (execution === undefined) return undefined;
    const transfers = transfersOf(execution);
    const weight = ({ from, to }: WeightTransfer): number =>
      course.sharing === "even" ? 1 : to - from;
    for (const [at, { fromNs, rates }] of execution.spans.entries()) {
      const perNano = new Map(rates.map((one) => [one.transfer, one.perNano]));
      const rate = ({ id }: WeightTransfer): number => perNano.get(id) ?? 0;
      const idle = underWay(execution, course, transfers, fromNs).find((id) => !perNano.has(id));
      if (idle !== undefined) return finding(0, "under way", idle, `span ${at}`);
      const sending = rates.flatMap((one) => transfers.get(one.transfer) ?? []);
      const shared = sharedBy(linksFor(course), sending);
      for (const one of sending) {
        const isHeldBack = shared.some(({ rate: most, transfers: through }) => {
          const sum = through.reduce((all, other) => all + rate(other), 0);
          const level = Math.max(...through.map((other) => rate(other) / weight(other)));
          return (
            through.includes(one) &&
            isNear(sum, most / 1e9) &&
            isNear(rate(one) / weight(one), level)
          );
        });
        if (!isHeldBack) return finding(0, "held back by something", one.id, `span ${at}`);
      }
    }
    return undefined;
  },
  witnesses: {
    "rates that differ at one instant, by bytes": ({ sharing }, replies) =>
      sharing === "proportional" &&
      (executionIn(sole(replies))?.spans.some(
        ({ rates }) => new Set(rates.map(({ perNano }) => perNano)).size > 1,
      ) ??
        false),
    "even shares of something": ({ sharing }, replies) =>
      sharing === "even" &&
      (executionIn(sole(replies))?.spans.some(({ rates }) => rates.length > 1) ?? false),
  },
  mutants: executors(
    "gives each a fixed share and leaves the rest",
    "serves first who comes first",
    "shares evenly whatever was asked",
    "shares by bytes squared",
    "uses half of everything",
  ),
});
