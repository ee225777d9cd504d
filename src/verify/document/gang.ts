import { refused } from "#base";
import type { GangAnnouncement, GangCall, GangReply, GangRequest, GangShape } from "#rack";
import { answers, toPart } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";

/**
 * Gangs as the document's scheduler has them: a counter a domain, and the domain with the most free GPUs.
 *
 * Stand-ins: the two constants are those of the rack that is asked for; several groups are as many calls, one after the other, because
 * a call places one; what is free is what lies above a domain's counter; who was answered has a gang, and that is what is announced. An
 * exception is a refusal in the words of the exception.
 */
class CountedDomains {
  /** Who was answered. */
  readonly owners = new Set<number>();
  private readonly perDomain: number;
  private readonly used: number[];

  constructor({ gpus, gpusPerDomain }: GangShape) {
    this.perDomain = gpusPerDomain;
    this.used = Array<number>(gpus / gpusPerDomain).fill(0);
  }

  /** One group, or nothing when no domain has that many GPUs free. Whose it is is not looked at. */
  allocate(tp: number): readonly number[] | undefined {
    let best: number | undefined;
    let bestFree = -1;
    for (const [domain, used] of this.used.entries()) {
      const free = this.perDomain - used;
      if (free >= tp && free > bestFree) [best, bestFree] = [domain, free];
    }
    if (best === undefined) return undefined;
    const used = this.used[best] as number;
    this.used[best] = used + tp;
    return range(best * this.perDomain + used, Math.max(0, tp));
  }

  free(): readonly number[] {
    return this.used.flatMap((used, domain) =>
      range(domain * this.perDomain + used, Math.max(0, this.perDomain - used)),
    );
  }

  whole(): number {
    return this.used.filter((used) => used <= 0).length;
  }
}

const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

const place = (domains: CountedDomains, groups: readonly number[]): GangReply => {
  const placed: (readonly number[])[] = [];
  for (const tp of groups) {
    if (tp === 0) return refused("ZeroDivisionError");
    const gpus = domains.allocate(tp);
    if (gpus === undefined) return refused("no-room");
    placed.push(gpus);
  }
  return { kind: "placed", groups: placed, preempted: [], weakened: false };
};

const scheduler = (): ((call: GangCall) => GangReply) => {
  let domains = new CountedDomains({ gpus: 72, gpusPerDomain: 8, gpusPerSuperchip: 2 });
  let told: GangAnnouncement[] = [];
  return (call) => {
    switch (call.kind) {
      case "create":
        domains = new CountedDomains(call.shape);
        told = [];
        return { kind: "created" };
      case "place": {
        const reply = place(domains, call.groups);
        if (typeof reply === "object" && "groups" in reply) {
          domains.owners.add(call.owner);
          told.push(["placed", call.owner, reply.groups]);
        }
        return reply;
      }
      case "announcements": {
        const all = told;
        told = [];
        return all;
      }
      case "owners":
        return [...domains.owners];
      case "freeGpus":
        return domains.free();
      case "wholeDomainsFree":
        return domains.whole();
      default:
        return [];
    }
  };
};

const isWished = ({ topology }: GangRequest): boolean =>
  topology?.required !== undefined || topology?.preferred !== undefined;

/** What every call but the harmless ones asks for. */
const LACKED: Readonly<Partial<Record<GangCall["kind"], string>>> = {
  release: "releasing a group",
  groupsOf: "the groups of an owner",
  fits: "asking whether groups would fit",
  lose: "losing a GPU",
  loseDomain: "losing a domain",
  regain: "regaining a GPU",
  regainDomain: "regaining a domain",
};

const lacks = (call: GangCall): string | undefined => {
  if (call.kind !== "place") return LACKED[call.kind];
  if (isWished(call)) return "a required or preferred topology";
  return (call.priority ?? 0) === 0 ? undefined : "priorities";
};

const rack = { gpus: 8, gpusPerDomain: 8, gpusPerSuperchip: 2 };
const asking = (owner: number, ...groups: readonly number[]) => ({
  kind: "place",
  owner,
  groups,
  priority: 0,
  topology: {},
});

/** The document's gang scheduler on trial. */
export const gang: DocumentSubject = {
  name: "document/gang",
  part: "gang",
  about:
    "the gang scheduler: a counter of used GPUs a domain, and the domain with the most free ones",
  answersFor: toPart("gang", answers(scheduler, lacks)),
  defects: [
    {
      does: "starts a group wherever the domain's counter stands, at no multiple of its size",
      consequence:
        "A group of 4 behind a pair lies across both halves of its domain, and leaves two pieces of 2 where another group of 4 would have fitted.",
      property: "GNG-3",
      case: { shape: rack, history: [asking(0, 2), asking(1, 4)] },
    },
    {
      does: "takes the domain with the most free GPUs instead of the tightest that fits",
      consequence:
        "Nine single GPUs touch all nine domains, and the rack has no room for a TP 8 group with 63 of its 72 GPUs free.",
      property: "GNG-6",
      case: { shape: { ...rack, gpus: 16 }, history: [asking(0, 1), asking(1, 1)] },
    },
    {
      does: "keeps the first groups of a gang when a later one finds no room",
      consequence:
        "A deployment of several groups that fails half way leaves GPUs taken for good: a gang scheduler that is not all or nothing.",
      property: "GNG-4",
      case: { shape: rack, history: [asking(0, 2, 8)] },
    },
    {
      does: "does not look at whose request it is, and takes one of an owner that has a gang",
      consequence: "A request that is repeated after a time-out takes its GPUs twice.",
      property: "GNG-18",
      case: { shape: rack, history: [asking(0, 1), asking(0, 1)] },
    },
    {
      does: "takes a gang without groups",
      consequence: "A deployment of nothing is reported as placed.",
      property: "GNG-18",
      case: { shape: rack, history: [asking(0)] },
    },
    {
      does: "takes a group of 3 GPUs, or of any other number up to a domain's",
      consequence: "A degree that divides neither heads nor a domain is found out by the engine.",
      property: "GNG-18",
      case: { shape: rack, history: [asking(0, 3)] },
    },
    {
      does: "takes a group of −1 GPUs and counts its domain down by one",
      consequence: "The next group is given a GPU that somebody has.",
      property: "GNG-2",
      case: { shape: rack, history: [asking(0, 8), asking(1, -1), asking(2, 1)] },
    },
    {
      does: "divides by a degree of 0",
      consequence: "The scheduler ends with an exception instead of a refusal.",
      property: "GNG-18",
      case: { shape: rack, history: [asking(0, 0)] },
    },
    {
      does: "finds no place for a group though one is free, once small groups have been spread",
      consequence: "A gang is refused on a rack that could take it as it stands.",
      property: "GNG-5",
    },
    {
      does: "does not fill a rack to the last GPU: what fits in one order is refused in another",
      consequence: "How much of a rack can be sold depends on who comes first.",
      property: "GNG-7",
    },
  ],
  absences: [
    {
      what: "releasing a group",
      consequence: "A rack that was filled once is full for ever.",
    },
    {
      what: "the groups of an owner",
      consequence: "Which GPUs a replica runs on must be remembered by whoever asked.",
    },
    {
      what: "asking whether groups would fit",
      consequence: "One can only try, and keep what one did not want.",
    },
    {
      what: "priorities",
      consequence: "A production replica waits behind a test that came first.",
    },
    {
      what: "a required or preferred topology",
      consequence:
        "Prefill and decode groups cannot be kept together, nor replicas of one model apart.",
    },
    {
      what: "losing a GPU",
      consequence: "A GPU that has failed is handed out like any other.",
    },
    { what: "losing a domain", consequence: "So is a domain whose switch has failed." },
    { what: "regaining a GPU", consequence: "There is nothing to come back to." },
    { what: "regaining a domain", consequence: "There is nothing to come back to." },
  ],
  remarks: [
    "Its table of who has which domain is never written.",
    "How many groups a domain holds is computed and never used; all that it does is to divide by 0.",
    "9 and 8 are constants of the class, so it serves no rack but the document's.",
  ],
};
