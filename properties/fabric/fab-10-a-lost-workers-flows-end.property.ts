import fc from "fast-check";
import type { FabricCall, FabricReply } from "#rack";
import { differs, property, values } from "#verify";
import {
  begin,
  create,
  DOCUMENT_LIKE,
  DRAIN,
  distanceOf,
  endsIn,
  type Send,
  someSend,
} from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

/** Flows that begin within 400 ns, and a worker that is lost before anybody's first byte. */
type Case = { readonly sends: readonly Send[]; readonly worker: number };

const LOST_NS = 450;

const begins = ({ sends }: Case, isLeft: (send: Send) => boolean): readonly FabricCall[] =>
  sends.flatMap((send, flow) => (isLeft(send) ? [begin(flow, send, 50 * flow)] : []));

const isOf = (worker: number, { source, target }: Send): boolean =>
  distanceOf(source, target) > 0 && (source === worker || target === worker);

export default property<Case, FabricCall, FabricReply>({
  id: "FAB-10",
  part: "fabric",
  statement:
    "a lost worker's flows all end, those to it and those from it, ascending by number, and no others; for the others it is as if there had never been any",
  given: values(
    fc.record({
      sends: fc.array(someSend, { maxLength: 8, size: "max" }),
      worker: fc.nat({ max: 5 }),
    }),
  ),
  subject: reference,
  scripts: (given) => [
    [
      create(DOCUMENT_LIKE),
      ...begins(given, () => true),
      { kind: "cancelOf", worker: given.worker, nowNs: LOST_NS },
      DRAIN,
      { kind: "flows" },
    ],
    [create(DOCUMENT_LIKE), ...begins(given, (send) => !isOf(given.worker, send)), DRAIN],
  ],
  holds({ sends, worker }, [lost = [], never = []]) {
    const own = [...sends.keys()].filter((flow) => isOf(worker, sends[flow] as Send));
    const difference = differs(
      { cut: own, ends: endsIn(never), left: [] },
      { cut: lost.at(-3), ends: endsIn(lost), left: lost.at(-1) },
    );
    return difference && { at: -1, ...difference };
  },
  witnesses: {
    "one from it and one to it": ({ sends, worker }) =>
      sends.some((send) => isOf(worker, send) && send.source === worker) &&
      sends.some((send) => isOf(worker, send) && send.target === worker),
    "others that would have been slower": ({ sends, worker }, [, never = []]) =>
      endsIn(never).some(({ atNs }) => atNs > 3000) && sends.some((send) => isOf(worker, send)),
  },
  mutants: mutants(
    "cuts only what a worker sends",
    "cuts everything",
    "keeps the share of what was cut",
  ),
});
