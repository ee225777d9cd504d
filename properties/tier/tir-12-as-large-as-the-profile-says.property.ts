import fc from "fast-check";
import { SwitchTier, type TierCall, type TierReply } from "#rack";
import { findProfile } from "#spec";
import { finding, oneOfValues, property, type Subject, values } from "#verify";
import { access, DOMAIN } from "./cases.ts";
import { subjectOf } from "./mutants.ts";

/** A switch filled with blocks of one size. */
type Case = { readonly profile: "document" | "datasheet"; readonly blockGigabytes: number };

/** A call, or a switch of the size that a profile gives it. */
type Call = TierCall | { readonly kind: "install"; readonly profile: string };

/** GB of a switch, written out. */
const GIGABYTES = { document: 128, datasheet: 0 } as const;

/** How many blocks are offered: a few more than there is room for. */
const offered = ({ profile, blockGigabytes }: Case): number =>
  Math.floor(GIGABYTES[profile] / blockGigabytes) + 3;

/** Three GPUs read each block in turn. */
const script = (given: Case): readonly Call[] => [
  { kind: "install", profile: given.profile },
  ...Array.from({ length: offered(given) }, (_, block) =>
    DOMAIN.slice(0, 3).map((gpu) => access(gpu, block, given.blockGigabytes * 1e9, 0)),
  ).flat(),
  { kind: "usedBytes" },
  { kind: "contents" },
];

/** A tier that is installed with so many bytes. */
const installed =
  (bytesOf: (profile: string) => number): Subject<Call, TierReply> =>
  () => {
    const answer = subjectOf(SwitchTier)();
    return (call) =>
      call.kind === "install"
        ? answer({ kind: "create", domainGpus: DOMAIN, capacityBytes: bytesOf(call.profile) })
        : answer(call);
  };

const stated = (profile: string): number => findProfile(profile).switchMemory.value;

export default property<Case, Call, TierReply>({
  id: "TIR-12",
  part: "tier",
  statement:
    "a switch takes as many blocks as fit in the memory that its profile gives it, in bytes of which 10^9 are a GB, and not one more: 128 of 1 GB",
  given: values(
    fc.record({
      profile: oneOfValues<Case["profile"]>("document", "datasheet"),
      blockGigabytes: fc.integer({ min: 1, max: 140 }),
    }),
    function* () {
      for (const profile of ["document", "datasheet"] as const)
        for (const blockGigabytes of [1, 2, 16, 100, 128, 129, 137])
          yield { profile, blockGigabytes };
    },
  ),
  subject: installed(stated),
  scripts: (given) => [script(given)],

  holds(given, [replies = []]) {
    const room = Math.floor(GIGABYTES[given.profile] / given.blockGigabytes);
    const used = replies.at(-2) as number;
    const found = (replies.at(-1) as readonly unknown[]).length;
    if (found !== room) return finding(-1, room, found, "blocks in the switch");
    const bytes = room * given.blockGigabytes * 1e9;
    return used === bytes ? undefined : finding(-1, bytes, used, "used bytes");
  },

  witnesses: {
    "a switch filled to the last byte": ({ profile, blockGigabytes }) =>
      profile === "document" && 128 % blockGigabytes === 0,
    "a block that would fit in 128 GiB": ({ profile, blockGigabytes }) =>
      profile === "document" && blockGigabytes > 128 && blockGigabytes * 1e9 <= 128 * 2 ** 30,
    "a switch without memory": ({ profile }) => profile === "datasheet",
  },

  mutants: {
    "counts 128 GB as 128 GiB (document)": installed(
      (profile) => (stated(profile) / 1e9) * 2 ** 30,
    ),
    "gives every switch 128 GB": installed(() => 128e9),
    "keeps a GB free": installed((profile) => Math.max(0, stated(profile) - 1e9)),
    "gives one switch the memory of all nine": installed((profile) => 9 * stated(profile)),
  },
});
