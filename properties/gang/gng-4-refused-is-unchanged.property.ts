import { expectSame, property } from "#verify";
import { gangCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, refusalIn, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

const refusedFor = (reason: string) => someStep(({ reply }) => refusalIn(reply) === reason);

export default property({
  id: "GNG-4",
  part: "gang",
  statement:
    "whatever is refused has changed nothing and is told to nobody: a gang is placed whole or not at all",
  given: gangCases(),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) =>
    refusalIn(step.reply) === undefined
      ? undefined
      : expectSame(step, { ...step.before, told: [] }, { ...step.after, told: step.told }, "rack"),
  ),
  witnesses: {
    "a gang of which some groups would have fitted": someStep(({ call, reply, before }) => {
      const groups = call.kind === "place" ? call.groups : [];
      return (
        refusalIn(reply) === "no-room" &&
        groups.length > 1 &&
        before.free.length >= Math.min(...groups)
      );
    }),
    "an owner who is known": refusedFor("owner-known"),
    "a gang without groups": refusedFor("no-groups"),
    "a group of a size that there is not": refusedFor("bad-group"),
    "a topology that cannot be": refusedFor("topology"),
    "a stranger": refusedFor("unknown-owner"),
    "a GPU lost twice": refusedFor("already-lost"),
    "a GPU regained twice": refusedFor("not-lost"),
  },
  mutants: mutants(
    "keeps the groups that fit when one does not",
    "preempts before it knows whether that helps",
    "announces a gang before it knows that it fits",
  ),
});
