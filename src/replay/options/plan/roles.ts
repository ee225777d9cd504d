import { shown } from "#base";
import type { DeploymentOptions, Role } from "../deployment-options.ts";
import { called, kindOf } from "./deployment.ts";
import type { Findings } from "./findings.ts";

/** The one that decodes what the other prefills. */
const OTHER: Readonly<Record<Exclude<Role, "both">, Role>> = {
  prefill: "decode",
  decode: "prefill",
};

const placesOf = (deploy: readonly DeploymentOptions[], role: Role): readonly number[] =>
  deploy.flatMap((given, place) => (given.role === role ? [place] : []));

/** Whole requests or halves, not both in one run. */
const checkMixed = (deploy: readonly DeploymentOptions[], findings: Findings): void => {
  const whole = deploy.findIndex(({ role }) => role === "both");
  const half = deploy.findIndex(({ role }) => role !== "both");
  findings.require(
    whole === -1 || half === -1,
    "REPLAY-2",
    `all deployments of a run must be of role both, or all of roles prefill and decode, found ${called(whole)} of role both and ${called(half)} of role ${deploy[half]?.role}`,
  );
};

/** The place of the one deployment that does the other half for `place`; −1 when there is none, which is then among the findings. */
const partnerOf = (
  deploy: readonly DeploymentOptions[],
  place: number,
  findings: Findings,
): number => {
  const given = deploy[place] as DeploymentOptions;
  if (given.role === "both") return -1;
  const other = OTHER[given.role];
  const candidates = placesOf(deploy, other);
  const kind = kindOf(given);
  const partner = candidates.find((at) => kindOf(deploy[at] as DeploymentOptions) === kind) ?? -1;
  const found = candidates.map((at) => kindOf(deploy[at] as DeploymentOptions)).join(", ");
  findings.require(
    partner !== -1,
    "REPLAY-2",
    `${called(place)} of role ${given.role} must have one of role ${other} with the same model, formats and TP (${kind}), found ${found === "" ? "none" : found}`,
  );
  return partner;
};

/** Two that do the same half of the same kind would leave it open who hands over to whom. */
const checkTwice = (deploy: readonly DeploymentOptions[], findings: Findings): void => {
  const first = new Map<string, number>();
  for (const [place, given] of deploy.entries()) {
    if (given.role === "both") continue;
    const key = `${given.role} of ${kindOf(given)}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, place);
    else
      findings.add(
        "REPLAY-2",
        `there must be one deployment for ${key}, found ${called(before)} and ${called(place)}`,
      );
  }
};

/**
 * Who does the other half of whose requests: for each deployment the place of its partner, −1 for those that do whole requests. Halves come in pairs
 * of one kind of KV, because what one worker computed must mean the same to the other.
 */
export const partnersOf = (
  deploy: readonly DeploymentOptions[],
  findings: Findings,
): readonly number[] => {
  checkMixed(deploy, findings);
  checkTwice(deploy, findings);
  for (const place of placesOf(deploy, "decode")) {
    const serves = deploy[place]?.serves ?? null;
    findings.require(
      serves === null,
      "REPLAY-2",
      `${called(place)}.serves must be left to the deployment that prefills for it, found ${shown(serves)}`,
    );
  }
  return deploy.map((_, place) => partnerOf(deploy, place, findings));
};
