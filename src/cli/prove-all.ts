import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { byText, canonicalJson, InputError, type Json, meant, sha256 } from "#base";
import type { Store, VerdictRecord } from "#store";
import {
  casesOf,
  EFFORT_PROFILES,
  type EffortProfile,
  loadProperties,
  type Proof,
  type Property,
  prove,
  readCases,
  type SavedCase,
} from "#verify";
import { makeFolder } from "./make-folder.ts";

/** Which properties are proved, and how hard. */
export type ProofPlan = {
  readonly profile: EffortProfile;
  readonly seed: number;
  /** The folder of property files. */
  readonly properties: string;
  /** The folder of kept cases; a new one is written here. */
  readonly cases: string;
  readonly part: string | undefined;
  readonly property: string | undefined;
};

/** The properties of a plan. Throws an `InputError` (VERIFY-2) for a part or an id that there is not. */
export const chosen = (all: readonly Property[], plan: ProofPlan): readonly Property[] => {
  const names = {
    part: [...new Set(all.map(({ part }) => part))].toSorted(byText((name) => name)),
    property: all.map(({ id }) => id),
  };
  const issues = (["part", "property"] as const).flatMap((what) => {
    const wanted = plan[what];
    if (wanted === undefined || names[what].includes(wanted)) return [];
    const near = meant(wanted, names[what]);
    const hint = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : "";
    const known = what === "part" ? ` one of ${names.part.join(", ")}` : " a known one";
    const message = `a ${what} must be${known}, found ${JSON.stringify(wanted)}${hint}`;
    return [{ code: "VERIFY-2", message } as const];
  });
  if (issues.length > 0) throw new InputError(issues);
  return all.filter(
    ({ id, part }) =>
      (plan.part === undefined || part === plan.part) &&
      (plan.property === undefined || id === plan.property),
  );
};

const keepCase = (store: Store, folder: string, { id, part, counterexample }: Proof): void => {
  if (counterexample === undefined) return;
  const { case: given, finding } = counterexample;
  store.saveCase({ property: id, part, case: given, finding: finding as unknown as Json });
  const saved: SavedCase = { property: id, case: given, because: canonicalJson(finding as Json) };
  makeFolder(folder);
  const name = `${id.toLowerCase()}-${sha256(canonicalJson(given)).slice(0, 8)}.json`;
  writeFileSync(join(folder, name), `${JSON.stringify(saved, null, 2)}\n`);
};

const record = (proof: Proof, plan: ProofPlan): VerdictRecord => ({
  ...proof,
  profile: plan.profile,
  mutants: proof.mutants.map(({ name, caught, cases }) => ({ name, caught, cases })),
});

/**
 * Proves the properties of a plan, one after the other, and keeps what came of it: all verdicts at once, and each failing case in the database and
 * as a file, so that it is played first from then on. `told` hears of each proof as it is made.
 */
export const proveAll = async (
  store: Store,
  plan: ProofPlan,
  clock: () => number,
  told: (proof: Proof, done: number, total: number) => void = () => undefined,
): Promise<readonly Proof[]> => {
  const properties = chosen(await loadProperties(plan.properties), plan);
  const inFiles = readCases(plan.cases);
  const effort = { ...EFFORT_PROFILES[plan.profile], seed: plan.seed, clock };
  const proofs: Proof[] = [];
  for (const property of properties) {
    const inStore = store
      .cases(property.id)
      .map((kept) => ({ property: kept.property, case: kept.case, because: "" }));
    const proof = prove(property, effort, casesOf(property, [...inFiles, ...inStore]));
    keepCase(store, plan.cases, proof);
    proofs.push(proof);
    told(proof, proofs.length, properties.length);
    // Lets the event loop turn between proofs, so that the bar is drawn and SIGINT is heard.
    await new Promise((resolve) => setImmediate(resolve));
  }
  store.saveVerdicts(proofs.map((proof) => record(proof, plan)));
  return proofs;
};
