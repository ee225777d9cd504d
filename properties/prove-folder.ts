/** Turns the properties of a folder into tests: one for the statement, one for each witness, one for each mutant. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  casesOf,
  EFFORT_PROFILES,
  type Effort,
  isCase,
  loadProperties,
  type Proof,
  type Property,
  prove,
  readCases,
} from "#verify";

const HERE = dirname(fileURLToPath(import.meta.url));

const WANTED = process.env["RACKPROOF_SEED"] ?? "1";
/** Fixed in `npm test`. `npm run test:deep` says `free`: a new one each time, and printed, so that it can be asked for. */
const SEED = WANTED === "free" ? Date.now() % 2 ** 31 : Number(WANTED);
if (WANTED === "free") process.stderr.write(`RACKPROOF_SEED=${SEED}\n`);
/** How many cases are drawn; as many as in the profile `ci` unless told. */
const RUNS = process.env["RACKPROOF_RUNS"];

const effort: Effort = {
  ...EFFORT_PROFILES.ci,
  ...(RUNS !== undefined && { cases: Number(RUNS), mutantCases: Number(RUNS) }),
  seed: SEED,
  clock: () => performance.now(),
};

/** What to print when a property is broken: the case, the difference, and how to see it again. */
const story = ({ id, seed, counterexample }: Proof): string =>
  counterexample === undefined
    ? ""
    : [
        `${id} is broken by a case from: ${counterexample.origin}`,
        JSON.stringify(counterexample.case),
        JSON.stringify(counterexample.finding),
        `to see it again: save it under properties/cases/, or run with RACKPROOF_SEED=${seed}`,
      ].join("\n");

const tests = (property: Property, saved: ReturnType<typeof readCases>): void => {
  describe(property.id, () => {
    let made: Proof | undefined;
    const proof = (): Proof => {
      made ??= prove(property, effort, casesOf(property, saved));
      return made;
    };
    it(`holds: ${property.statement}`, () => {
      expect(proof().verdict, story(proof())).not.toBe("broken");
      expect(proof().casesDone).toBeGreaterThanOrEqual(effort.cases);
    }, 120_000);
    it.each(Object.keys(property.witnesses))("meets: %s", (name) => {
      const witness = proof().witnesses.find((entry) => entry.name === name);
      expect(witness?.count).toBeGreaterThanOrEqual(witness?.minimum ?? Number.POSITIVE_INFINITY);
    });
    it.each(Object.keys(property.mutants))("catches: %s", (name) => {
      expect(proof().mutants.find((entry) => entry.name === name)?.caught).toBe(true);
    });
    it("draws cases that can be saved, read back and shrunk", () => {
      const cases = fc.sample(property.given.arbitrary, { seed: SEED, numRuns: 20 });
      const saved = cases.map((drawn) => JSON.parse(JSON.stringify(drawn)));
      expect(saved.filter((drawn) => !isCase(property.given, drawn))).toEqual([]);
    });
    it("is proven, all three parts together", () => {
      expect(proof().verdict).toBe("holds");
    });
  });
};

/** Registers the tests of every property in the folder of the calling test file. */
export const proveFolder = async (testFile: string): Promise<void> => {
  const saved = readCases(join(HERE, "cases"));
  const properties = await loadProperties(dirname(fileURLToPath(testFile)));
  expect(properties.length).toBeGreaterThan(0);
  for (const property of properties) tests(property, saved);
};
