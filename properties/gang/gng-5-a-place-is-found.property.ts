import { expectSame, property } from "#verify";
import { isAsWished, isPossible } from "./brute-force.ts";
import { gangCases, SMALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, placedIn, requestOf, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

export default property({
  id: "GNG-5",
  part: "gang",
  statement:
    "well-formed groups find a place without ending anybody, and `fits` says so, exactly when there is one at all: as many as all placements tried",
  given: gangCases(SMALL_RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { shape, before, call, reply } = step;
    if (call.kind === "fits") {
      const possible = isPossible(shape, before.free, call.groups, [call.required]);
      return expectSame(step, possible, reply, "fits");
    }
    const request = requestOf(call);
    if (request === undefined || before.owners.includes(request.owner)) return undefined;
    if (request.groups.length === 0) return undefined;
    const required = request.topology?.required;
    const possible = isPossible(shape, before.free, request.groups, [required]);
    const isAtPeace = placedIn(reply)?.preempted.length === 0;
    return expectSame(step, possible, isAtPeace, "placed without ending anybody");
  }),
  witnesses: {
    "three groups in three domains": someStep(({ shape, reply }) => {
      const groups = placedIn(reply)?.groups ?? [];
      return groups.length === 3 && isAsWished(shape, groups, "different-domains");
    }),
    "free GPUs enough, and no place": someStep(
      ({ call, reply, before }) =>
        placedIn(reply) === undefined &&
        call.kind === "place" &&
        !before.owners.includes(call.owner) &&
        call.groups.length > 0 &&
        call.groups.reduce((sum, size) => sum + size, 0) <= before.free.length,
    ),
    "a question that is answered with yes": someStep(({ reply }) => reply === true),
  },
  mutants: mutants(
    "places groups in the order of the request",
    "places the smallest groups first",
    "never uses the last slot of the rack",
    "looks into one domain only, the one with the most free GPUs (document)",
    "counts free GPUs when asked whether it fits",
    "forgets what is required when asked whether it fits",
  ),
});
