import { expectSame, property } from "#verify";
import { gangCases, RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, placedIn, requestOf, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

/** What a group of this size looks like that begins at this GPU. */
const groupFrom = (gpu: number, size: number): readonly number[] =>
  Array.from({ length: size }, (_, shard) => gpu + shard);

export default property({
  id: "GNG-3",
  part: "gang",
  statement:
    "the n-th group answered has as many GPUs as the n-th asked for, one after the other, from a multiple of their number on, in one domain",
  given: gangCases(RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const [request, placed] = [requestOf(step.call), placedIn(step.reply)];
    if (request === undefined || placed === undefined) return undefined;
    const { gpusPerDomain } = step.shape;
    // The first GPU, brought back to a multiple and kept from crossing into the next domain, says where a right group would lie.
    const right = request.groups.map((size, index) => {
      const first = placed.groups[index]?.[0] ?? 0;
      const inDomain = first % gpusPerDomain;
      const start = Math.min(inDomain - (inDomain % size), gpusPerDomain - size);
      return groupFrom(first - inDomain + start, size);
    });
    return expectSame(step, right, placed.groups, "groups");
  }),
  witnesses: {
    "a small group before a larger one": someStep(
      ({ call, reply }) =>
        placedIn(reply) !== undefined &&
        (requestOf(call)?.groups ?? []).some((size, index, all) => size < (all[index + 1] ?? 0)),
    ),
    "a pair before a group of four (document)": someStep(
      ({ reply, before }) =>
        placedIn(reply)?.groups[0]?.length === 4 &&
        before.gangs.some(({ groups }) => groups[0]?.length === 2),
    ),
  },
  mutants: mutants(
    "ignores alignment (document)",
    "lets a group span two domains",
    "answers the largest group first",
    "gives every group as many GPUs as the first",
    "takes a group of any size",
  ),
});
