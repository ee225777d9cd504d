import { resolve } from "node:path";
import type { Json } from "#base";
import {
  counterexampleText,
  proofTable,
  subjectTable,
  textTable,
  trialSentence,
  trialTable,
  trialText,
} from "#report";
import {
  EFFORT_PROFILES,
  type EffortProfile,
  type Proof,
  type SubjectTrial,
  type Trial,
} from "#verify";
import { type Args, command, flag, nothing, option, optionOr } from "../command.ts";
import { WRITE, withStore } from "../database.ts";
import { EXIT, type ExitStatus } from "../exit.ts";
import { oneOf, text, wholeNumber } from "../kinds.ts";
import { casesFolder, PLACES } from "../places.ts";
import { printJson } from "../print.ts";
import { progressBar } from "../progress.ts";
import { type ProofPlan, proveAll } from "../prove-all.ts";
import { SUBJECTS, subjectNamed, tryNamed } from "../try-subject.ts";
import type { World } from "../world.ts";

const PROFILE_NAMES = Object.keys(EFFORT_PROFILES) as EffortProfile[];

const jsonOf = (proof: Proof): Json =>
  ({
    id: proof.id,
    part: proof.part,
    statement: proof.statement,
    seed: proof.seed,
    cases_asked: proof.casesAsked,
    cases_done: proof.casesDone,
    small_scope: proof.small,
    witnesses: proof.witnesses,
    mutants: proof.mutants,
    verdict: proof.verdict,
    ...(proof.counterexample && { counterexample: proof.counterexample }),
  }) as unknown as Json;

/** What a row of verdicts comes to: `34 properties: 34 hold`. */
const conclusion = (proofs: readonly Proof[]): string => {
  const count = (verdict: string): number =>
    proofs.filter((proof) => proof.verdict === verdict).length;
  const mutants = proofs.flatMap((proof) => proof.mutants);
  const caught = mutants.filter((mutant) => mutant.caught).length;
  const parts = [
    `${count("holds")} of ${proofs.length} properties hold`,
    `${caught} of ${mutants.length} mutants caught`,
    ...(count("broken") > 0 ? [`${count("broken")} broken`] : []),
    ...(count("unproven") > 0 ? [`${count("unproven")} unproven`] : []),
  ];
  return `${parts.join(", ")}\n`;
};

const OPTIONS = {
  profile: optionOr(
    oneOf("PROFILE", PROFILE_NAMES),
    "ci",
    "how hard to try: smoke in seconds, ci as in `npm test`, soak for as long as it takes",
  ),
  part: option(text("PART"), "only the properties of this part, for instance router"),
  property: option(text("ID"), "only this property, for instance DIR-2"),
  seed: optionOr(wholeNumber("N", 0, 2 ** 31 - 1), 1, "what the drawn cases are drawn from"),
  properties: option(text("FOLDER"), "other property files than those that come with Rackproof"),
  cases: option(
    text("FOLDER"),
    "where failing cases are kept as files (default: properties/cases in a clone, rackproof-cases elsewhere)",
  ),
  subject: option(
    text("NAME"),
    "another implementation than the reference, for instance document/gang: which properties it breaks; nothing is kept or stored",
  ),
  subjects: flag("list the implementations that come with Rackproof, and try none"),
};

type VerifyArgs = Args<undefined, typeof OPTIONS>;

const planOf = (args: VerifyArgs, world: World): ProofPlan => ({
  profile: args.profile,
  seed: args.seed,
  part: args.part,
  property: args.property,
  properties: args.properties ? resolve(world.cwd, args.properties) : PLACES.properties,
  cases: args.cases ? resolve(world.cwd, args.cases) : casesFolder(world.cwd),
});

const jsonOfTrial = (trial: Trial): Json =>
  ({
    id: trial.id,
    part: trial.part,
    statement: trial.statement,
    verdict: trial.verdict,
    cases_judged: trial.judged,
    cases_passed_over: trial.passedOver,
    missing: trial.missing.map(({ what }) => what),
    unmet: trial.unmet,
    ...(trial.counterexample && { counterexample: trial.counterexample }),
  }) as unknown as Json;

/** Whose finding it is: a broken property is one; where nothing could be judged, nothing is known. */
const statusOf = ({ trials }: SubjectTrial): ExitStatus => {
  if (trials.some(({ verdict }) => verdict === "broken")) return EXIT.finding;
  return trials.some(({ verdict }) => verdict === "holds") ? EXIT.ok : EXIT.unknown;
};

/** Tries the properties on another implementation than the reference. */
const tryIt = async (name: string, args: VerifyArgs, world: World): Promise<ExitStatus> => {
  const plan = planOf(args, world);
  const trial = await tryNamed(subjectNamed(name), plan);
  if (args.json) {
    const { profile, seed } = plan;
    const { about, trials } = trial;
    const properties = trials.map(jsonOfTrial);
    printJson(world, { subject: trial.name, about, profile, seed, properties } as unknown as Json);
  } else {
    world.out(textTable(trialTable(trial.trials)));
    const again = `rackproof verify --subject ${name} --profile ${plan.profile} --seed ${plan.seed}`;
    world.out(trialText(trial, again));
    world.out(`\n${trialSentence(trial)}\n`);
  }
  return statusOf(trial);
};

const listSubjects = (args: VerifyArgs, world: World): ExitStatus => {
  const listed = SUBJECTS.map(({ name, part, about }) => ({ name, part, about }));
  if (args.json) printJson(world, { subjects: listed });
  else world.out(textTable(subjectTable(SUBJECTS)));
  return EXIT.ok;
};

/** Proves the properties of the reference. */
const proveThem = async (args: VerifyArgs, world: World): Promise<ExitStatus> => {
  const plan = planOf(args, world);
  const bar = await progressBar(world, args, "proving");
  const proofs = await withStore(args, WRITE, (store) =>
    proveAll(store, plan, world.clock, (_, done, total) => bar.update(done, total)),
  ).finally(bar.stop);
  if (args.json) {
    const { profile, seed } = plan;
    printJson(world, { profile, seed, properties: proofs.map(jsonOf) } as unknown as Json);
  } else {
    world.out(textTable(proofTable(proofs)));
    for (const proof of proofs) world.out(counterexampleText(proof));
    world.out(`\n${conclusion(proofs)}`);
  }
  return proofs.every(({ verdict }) => verdict === "holds") ? EXIT.ok : EXIT.finding;
};

/** Proves the properties. */
export const verify = command({
  description:
    "Proves the properties of the reference: each must hold of every case (kept ones first, then every small one, then drawn ones), must have met its interesting situations, and must catch every broken implementation that it names. Failing cases are shrunk, kept, and played first from then on. Exit status 1 unless all hold.",
  operand: nothing,
  options: OPTIONS,
  examples: [
    { line: "rackproof verify --profile smoke", does: "all properties, in seconds" },
    { line: "rackproof verify --part pool", does: "one part" },
    { line: "rackproof verify --property DIR-2 --seed 7 --json", does: "one property, elsewhere" },
    {
      line: "rackproof verify --subject document/gang",
      does: "what the document's scheduler breaks",
    },
  ],
  async run(args, world) {
    if (args.subjects) return listSubjects(args, world);
    return args.subject === undefined ? proveThem(args, world) : tryIt(args.subject, args, world);
  },
});
