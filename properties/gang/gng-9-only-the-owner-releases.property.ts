import { expectSame, property } from "#verify";
import { gangCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, isKind, refusalIn, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

export default property({
  id: "GNG-9",
  part: "gang",
  statement:
    "a release ends the owner's gang and no other, and is refused to whoever has none: twice, to strangers, and after the gang was ended; an owner has one gang at a time",
  given: gangCases(),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { call, reply, before, after } = step;
    if (call.kind === "place" && before.owners.includes(call.owner)) {
      return expectSame(step, "owner-known", refusalIn(reply) ?? "placed", "a second gang");
    }
    if (call.kind !== "release") return undefined;
    const isOwner = before.owners.includes(call.owner);
    return (
      expectSame(step, isOwner, isKind(reply, "released"), "released") ??
      expectSame(
        step,
        before.owners.filter((owner) => owner !== call.owner),
        after.owners,
        "owners",
      )
    );
  }),
  witnesses: {
    "a release by an owner": someStep(({ reply }) => isKind(reply, "released")),
    "a release by somebody whose gang was ended by others": (given, replies) =>
      someStep(({ reply, call }) => call.kind === "release" && !isKind(reply, "released"))(
        given,
        replies,
      ) && someStep(({ told }) => told.some(([, , why]) => why === "preempted"))(given, replies),
    "an owner who asks again": someStep(({ reply }) => refusalIn(reply) === "owner-known"),
  },
  mutants: mutants(
    "says released to whoever asks",
    "frees on a second release what somebody else has by then",
    "releases the oldest gang for a stranger",
    "keeps no owners: the second gang of one overwrites the first (document)",
  ),
});
