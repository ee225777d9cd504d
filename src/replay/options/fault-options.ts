/** What goes wrong during a run, and when. Instants are from the run's start. */
import * as v from "valibot";
import { LINK_NAMES } from "#spec";
import {
  among,
  between,
  type Frozen,
  fields,
  given,
  list,
  otherwise,
  whole,
  wholeOrNull,
} from "./fields.ts";

const hardware = v.union(
  [
    fields({ gpu: whole(0) }),
    fields({ superchip: whole(0) }),
    fields({ domain: whole(0) }),
    fields({ worker: given("the number of its first GPU", whole(0)) }),
  ],
  'one of {"gpu": N}, {"superchip": N}, {"domain": N} and {"worker": N}',
);

const at_ns = given("when it begins", whole(0));
const until_ns = given("when it is over", whole(1));

const events = {
  kind: v.literal("events"),
  at_ns,
  until_ns,
  worker: otherwise(
    "whose events, by the number of its first GPU; null for everybody's",
    wholeOrNull(0),
    null,
  ),
};

/** Of `("lose" | "slow")`, as the library lists what a field can be: lose or slow. */
const oneOfThem = ({ expected }: v.VariantIssue): string => {
  const words = expected.match(/\w+/g) ?? [];
  return words.length < 2 ? "an object" : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
};

/** One fault as a file gives it. */
const faultSchema = v.variant(
  "kind",
  [
    fields({
      kind: v.literal("lose"),
      at_ns,
      what: given("what is lost", hardware),
      back_ns: otherwise("when it is back; null for never", wholeOrNull(1), null),
    }),
    fields({
      kind: v.literal("slow"),
      at_ns,
      until_ns,
      link: given(
        "the links that are slower, by how far apart the GPUs are that they join: in one superchip, in one domain, or across domains",
        among(LINK_NAMES),
      ),
      factor: given("what is left of their rate, as a share of 1", between(0, 1)),
    }),
    v.variant(
      "how",
      [
        fields({ ...events, how: v.picklist(["drop", "duplicate"]) }),
        fields({
          ...events,
          how: v.literal("delay"),
          delay_ns: given("how much later than otherwise", whole(1)),
        }),
      ],
      oneOfThem,
    ),
  ],
  oneOfThem,
);

/** A fault schedule. */
export const faultsSchema = list(faultSchema);

/** Something that goes wrong. */
export type FaultOptions = Frozen<v.InferOutput<typeof faultSchema>>;

/** What can be lost: a GPU, a superchip or a domain by its own number, a worker by that of its first GPU. */
export type FaultyHardware = Extract<FaultOptions, { kind: "lose" }>["what"];
