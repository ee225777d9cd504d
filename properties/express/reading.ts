/** Reads requests, plans and executions byte by byte, without any of the reference's arithmetic. */
import type {
  Execution,
  ExpressLinks,
  ExpressPlan,
  ExpressReply,
  ExpressRequest,
  WeightPiece,
  WeightTransfer,
} from "#rack";

/** No replies, for a script that was not played. */
export const NONE: readonly ExpressReply[] = [];

/** The one reply to the one call of the one script. */
export const sole = (replies: readonly (readonly ExpressReply[])[]): ExpressReply =>
  (replies[0] as readonly ExpressReply[])[0] as ExpressReply;

/** The plan in a reply; nothing when it was refused. */
export const planIn = (reply: ExpressReply): ExpressPlan | undefined => {
  if (!("kind" in reply)) return undefined;
  if (reply.kind === "done") return reply.plan;
  return reply.kind === "planned" ? reply : undefined;
};

/** The execution in a reply; nothing when it was refused. */
export const executionIn = (reply: ExpressReply): Execution | undefined =>
  "kind" in reply && (reply.kind === "done" || reply.kind === "swap") ? reply.execution : undefined;

const covers = (
  { from, to }: { readonly from: number; readonly to: number },
  at: number,
): boolean => from <= at && at < to;

/** Whether a GPU has a byte, among pieces. */
export const isOn = (pieces: readonly WeightPiece[], gpu: number, at: number): boolean =>
  pieces.some((piece) => piece.gpu === gpu && covers(piece, at));

/** The GPUs of pieces, each once, ascending. */
export const gpusIn = (pieces: readonly { readonly gpu: number }[]): readonly number[] =>
  [...new Set(pieces.map(({ gpu }) => gpu))].toSorted((left, right) => left - right);

const allBytes = (bytes: number): readonly number[] => Array.from({ length: bytes }, (_, at) => at);

/** The bytes that a GPU wants and does not have. */
export const lacks = (
  { bytes, sources, targets }: ExpressRequest,
  gpu: number,
): readonly number[] =>
  allBytes(bytes).filter((at) => isOn(targets, gpu, at) && !isOn(sources, gpu, at));

/** Every lacking byte, with who lacks it. */
export const allLacks = (
  request: ExpressRequest,
): readonly { readonly gpu: number; readonly at: number }[] =>
  gpusIn(request.targets).flatMap((gpu) => lacks(request, gpu).map((at) => ({ gpu, at })));

/** The whole nanoseconds that bytes take at a rate in bytes a second, exactly. */
export const nanosAt = (size: number, rate: number): number =>
  Number((BigInt(size) * 1_000_000_000n + BigInt(rate) - 1n) / BigInt(rate));

/** How far apart the ends of a transfer are. */
const farOf = ({ distances }: ExpressLinks, { src, dst }: WeightTransfer): number =>
  distances[src]?.[dst] as number;

/** The latency of a transfer. */
export const latencyOf = (links: ExpressLinks, transfer: WeightTransfer): number =>
  links.latenciesNs[farOf(links, transfer)] as number;

/** The rate of the link that a transfer takes. */
const rateOf = (links: ExpressLinks, transfer: WeightTransfer): number =>
  links.rates[farOf(links, transfer)] as number;

/** Bytes × distance, over all transfers. */
export const byteDistance = (links: ExpressLinks, { transfers }: ExpressPlan): number =>
  transfers.reduce((sum, one) => sum + (one.to - one.from) * farOf(links, one), 0);

/** What is shared, by name and rate, with the transfers that go through it. */
export const sharedBy = (
  links: ExpressLinks,
  transfers: readonly WeightTransfer[],
): readonly { readonly rate: number; readonly transfers: readonly WeightTransfer[] }[] => {
  const shared = new Map<string, { rate: number; transfers: WeightTransfer[] }>();
  const use = (name: string, rate: number, transfer: WeightTransfer): void => {
    const known = shared.get(name) ?? { rate, transfers: [] };
    known.transfers.push(transfer);
    shared.set(name, known);
  };
  for (const transfer of transfers) {
    use(`from ${transfer.src}`, links.egress, transfer);
    use(`to ${transfer.dst}`, links.ingress, transfer);
    use(`${transfer.src} to ${transfer.dst}`, rateOf(links, transfer), transfer);
  }
  return [...shared.values()];
};

/** The bytes of some transfers. */
export const sizeOf = (transfers: readonly WeightTransfer[]): number =>
  transfers.reduce((sum, { from, to }) => sum + to - from, 0);

/** All transfers that an execution has planned, by number. */
export const transfersOf = ({ events }: Execution): ReadonlyMap<number, WeightTransfer> =>
  new Map(
    events.flatMap((event) =>
      event.kind === "planned" ? event.transfers.map((one) => [one.id, one] as const) : [],
    ),
  );
