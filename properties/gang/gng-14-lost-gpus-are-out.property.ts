import { expectSame, property } from "#verify";
import { gangCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, isKind, type Step, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

/** The GPUs that a loss or a return speaks of. */
const spokenOf = ({ call, shape: { gpusPerDomain } }: Step): readonly number[] => {
  if (call.kind === "lose" || call.kind === "regain") return [call.gpu];
  if (call.kind !== "loseDomain" && call.kind !== "regainDomain") return [];
  return Array.from({ length: gpusPerDomain }, (_, gpu) => call.domain * gpusPerDomain + gpu);
};

/** Which GPUs must be lost after a step. */
const lostAfter = (step: Step): readonly number[] => {
  const { call, before, shape } = step;
  const gpus = spokenOf(step);
  const isLoss = call.kind === "lose" || call.kind === "loseDomain";
  return Array.from({ length: shape.gpus }, (_, gpu) => gpu).filter((gpu) =>
    gpus.includes(gpu) ? isLoss : before.lost.includes(gpu),
  );
};

export default property({
  id: "GNG-14",
  part: "gang",
  statement:
    "a GPU is lost from when it is lost until it is regained; its loss ends exactly the gangs that have it, whole, and reports them; and no gang is placed on it",
  given: gangCases(),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { call, reply, before, after } = step;
    const gpus = spokenOf(step);
    const hit = before.gangs.filter(({ groups }) =>
      groups.flat().some((gpu) => gpus.includes(gpu)),
    );
    const isLoss = call.kind === "lose" || call.kind === "loseDomain";
    const ended = isLoss ? hit.map(({ owner }) => owner) : [];
    const on = after.gangs.find(({ groups }) =>
      groups.flat().some((gpu) => after.lost.includes(gpu)),
    );
    const left = before.owners.filter((owner) => !ended.includes(owner));
    return (
      expectSame(step, lostAfter(step), after.lost, "lost GPUs") ??
      expectSame(step, null, on?.owner ?? null, "who has a lost GPU") ??
      (gpus.length > 0 ? expectSame(step, left, after.owners, "owners") : undefined) ??
      (isKind(reply, "lost")
        ? expectSame(step, { kind: "lost", ended }, reply, "reported")
        : undefined) ??
      (gpus.length > 0
        ? expectSame(
            step,
            gpus.every((gpu) => before.lost.includes(gpu) === isLoss),
            isKind(reply, "refused"),
            "refused",
          )
        : undefined)
    );
  }),
  witnesses: {
    "a loss that ends a gang of several groups": someStep(
      (step) =>
        isKind(step.reply, "lost") &&
        step.before.gangs.some(
          ({ owner, groups }) => groups.length > 1 && !step.after.owners.includes(owner),
        ),
    ),
    "a loss that spares a neighbour": someStep(
      (step) =>
        step.call.kind === "lose" &&
        isKind(step.reply, "lost") &&
        step.after.owners.length > 0 &&
        step.after.owners.length < step.before.owners.length,
    ),
    "a loss of a domain that has lost a GPU": someStep(
      ({ call, reply, before }) =>
        call.kind === "loseDomain" && isKind(reply, "lost") && before.lost.length > 0,
    ),
    "a GPU that comes back": someStep(({ reply }) => isKind(reply, "regained")),
  },
  mutants: mutants(
    "places on lost GPUs",
    "ends only the group that a lost GPU is in",
    "ends every gang of the domain that loses a GPU",
    "loses a GPU and leaves its gang running",
    "does not report whom a lost domain ended",
    "loses a GPU that is lost",
    "regains the whole domain with one GPU",
    "never gets a lost GPU back",
  ),
});
