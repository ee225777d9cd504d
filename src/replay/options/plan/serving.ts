import { shown } from "#base";
import type { DeploymentOptions } from "../deployment-options.ts";
import { called } from "./deployment.ts";
import type { Findings } from "./findings.ts";

/** How many names a message lists. */
const LISTED_MAX = 8;

const listed = (names: readonly string[]): string => {
  if (names.length === 0) return "none";
  const some = names.slice(0, LISTED_MAX).map(shown).join(", ");
  return names.length > LISTED_MAX ? `${some} and ${names.length - LISTED_MAX} more` : some;
};

const mustBe = (models: readonly string[]): string =>
  models.length === 0
    ? "left out for a trace that names no models"
    : `a model that the trace names (${listed(models)})`;

/** Which deployment names which of the trace's models; names are compared exactly. */
const namedBy = (
  deploy: readonly DeploymentOptions[],
  models: readonly string[],
  findings: Findings,
): ReadonlyMap<string, number> => {
  const known = new Set(models);
  const by = new Map<string, number>();
  for (const [place, { serves, role }] of deploy.entries()) {
    if (serves === null || role === "decode") continue;
    for (const [at, name] of serves.entries()) {
      const here = `${called(place)}.serves[${at}]`;
      const before = by.get(name);
      if (!known.has(name)) {
        findings.add("REPLAY-2", `${here} must be ${mustBe(models)}, found ${shown(name)}`);
      } else if (before !== undefined) {
        const message = `${here} must be served by one deployment only, found ${shown(name)} in ${called(before)} too`;
        findings.add("REPLAY-2", message);
      } else by.set(name, place);
    }
  }
  return by;
};

/** The deployment that serves whatever no other names; −1 when all of them name something. */
const restOf = (deploy: readonly DeploymentOptions[], findings: Findings): number => {
  const open = deploy.flatMap(({ serves, role }, place) =>
    serves === null && role !== "decode" ? [place] : [],
  );
  findings.require(
    open.length <= 1,
    "REPLAY-2",
    `serves must be given for all deployments but one, which then serves what no other names, found none for ${open.map(called).join(", ")}`,
  );
  return open[0] ?? -1;
};

/**
 * Which deployment takes the requests of each of the trace's models, by its number; −1, a request that names none, goes to the deployment that
 * serves what no other names, and to nobody, −1, when there is none.
 */
export const servingOf = (
  deploy: readonly DeploymentOptions[],
  models: readonly string[],
  findings: Findings,
): ((model: number) => number) => {
  const by = namedBy(deploy, models, findings);
  const rest = restOf(deploy, findings);
  const places = Int32Array.from(models, (name) => by.get(name) ?? rest);
  const unserved = models.filter((_, model) => places[model] === -1);
  findings.require(
    unserved.length === 0,
    "REPLAY-2",
    `every model of the trace must be served, found nobody for ${listed(unserved)}; served are ${listed([...by.keys()])}`,
  );
  findings.require(
    models.length > 0 || rest !== -1,
    "REPLAY-2",
    "a deployment must serve the trace, which names no models, found none that leaves serves out",
  );
  return (model) => (model < 0 ? rest : (places[model] ?? rest));
};
