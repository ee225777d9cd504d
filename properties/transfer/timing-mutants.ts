/** Transfers that take the wrong time, each named after what it does. */
import { bytes } from "#base";
import { type Manner, type Sent, TransferModel, type TransferShape } from "#rack";
import { type Profile, supposed } from "#spec";
import { subjectOf } from "./mutants.ts";

/** The model in another rack or with another block; what is sent is as before. */
const supposing = (change: (shape: TransferShape) => Partial<TransferShape>) =>
  subjectOf(
    class extends TransferModel {
      readonly #real: number;
      constructor(shape: TransferShape) {
        super({ ...shape, ...change(shape) });
        this.#real = shape.blockBytes;
      }
      protected override land(manner: Manner, block: number, from: number, to: number): Sent {
        return { ...super.land(manner, block, from, to), bytes: this.#real };
      }
    },
  );

const inProfile = (change: (profile: Profile) => Partial<Profile>) =>
  supposing(({ profile }) => ({ profile: { ...profile, ...change(profile) } }));

/** The model with its times bent. */
const bending = (bend: (ns: number, model: TransferShape, from: number, to: number) => number) =>
  subjectOf(
    class extends TransferModel {
      protected override timeOf(from: number, to: number): number {
        return bend(super.timeOf(from, to), this.shape, from, to);
      }
    },
  );

const MUTANTS = {
  "takes every block for one of 5.24 MB": supposing(() => ({ blockBytes: 5_240_000 })),
  "forgets the latency of hops": inProfile(() => ({
    hopLatency: supposed(0 as Profile["hopLatency"]["value"]),
  })),
  "sends everything at the rate of a superchip": inProfile(
    ({ links: [superchip, domain, rack] }) => ({
      links: [superchip, { ...domain, rate: superchip.rate }, { ...rack, rate: superchip.rate }],
    }),
  ),
  "gives far workers the wide links": inProfile(({ links: [superchip, domain, rack] }) => ({
    links: [{ ...superchip, rate: rack.rate }, domain, { ...rack, rate: superchip.rate }],
  })),
  "sends all shards over one link": supposing(({ tp, blockBytes }) => ({
    blockBytes: blockBytes * tp,
  })),
  "rounds the time down to microseconds": bending((ns) => Math.floor(ns / 1000) * 1000),
  "measures between the workers' numbers": bending((ns, _, from, to) =>
    Math.abs(from - to) === 1 ? Math.max(0, ns - 500) : ns,
  ),
  "goes faster beyond a megabyte": bending((ns, { blockBytes }) =>
    blockBytes > 1_000_000 ? Math.ceil(ns / 2) : ns,
  ),
  "counts kilobytes": supposing(({ blockBytes }) => ({
    blockBytes: bytes(Math.max(1, Math.floor(blockBytes / 1000) * 1000)),
  })),
} as const;

/** Some of the mistaken times, by name. */
export const timingMutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Pick<typeof MUTANTS, Name> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Pick<typeof MUTANTS, Name>;
