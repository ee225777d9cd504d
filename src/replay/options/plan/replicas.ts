import type { DeploymentOptions } from "../deployment-options.ts";
import { called, type DeploymentCosts } from "./deployment.ts";
import type { Findings } from "./findings.ts";

/** The deployments that leave it open how many workers they have. */
const openOnes = (deploy: readonly DeploymentOptions[]): readonly number[] =>
  deploy.flatMap(({ replicas }, place) => (replicas === null ? [place] : []));

/** What the fixed ones leave of the rack, in GPUs. Every degree divides a domain, so GPUs that are left can always be used. */
const leftOver = (
  deploy: readonly DeploymentOptions[],
  gpus: number,
  findings: Findings,
): number => {
  let left = gpus;
  for (const [place, { replicas, tp }] of deploy.entries()) {
    const wanted = (replicas ?? 0) * tp;
    const most = Math.floor(left / tp);
    findings.require(
      wanted <= left,
      "REPLAY-2",
      `${called(place)}.replicas must be at most ${most}, on the ${left} of ${gpus} GPUs that are left for it, found ${replicas} of TP ${tp}`,
    );
    left = Math.max(0, left - wanted);
  }
  return left;
};

/**
 * How many workers each deployment has: as many as it says, and the one that does not say has what is left of the rack. Two that do not say are
 * refused, as is more than there is.
 */
export const replicasOf = (
  deploy: readonly DeploymentOptions[],
  gpus: number,
  findings: Findings,
): readonly number[] => {
  const left = leftOver(deploy, gpus, findings);
  const open = openOnes(deploy);
  findings.require(
    open.length <= 1,
    "REPLAY-2",
    `replicas must be given for all deployments but one, which then has the GPUs that are left, found none for ${open.map(called).join(", ")}`,
  );
  return deploy.map(({ replicas, tp }, place) => {
    if (replicas !== null) return replicas;
    const fitting = Math.floor(left / tp);
    findings.require(
      fitting >= 1 || open.length > 1,
      "REPLAY-2",
      `${called(place)} must have ${tp} GPUs for a worker, found ${left} of ${gpus} left`,
    );
    return fitting;
  });
};

/** Whether both models' weights fit on a worker side by side: the old model serves until the new one is there. */
const fitBoth = (host: DeploymentCosts, guest: DeploymentCosts): boolean =>
  host.weightBytes + guest.weightBytes <= host.roomBytes;

/**
 * A deployment without workers is served on those of another with as many GPUs a worker, which is swapped; there must be one, and one that has room
 * for both models' weights while it is.
 */
export const checkSwapped = (
  deploy: readonly DeploymentOptions[],
  replicas: readonly number[],
  costs: readonly (DeploymentCosts | undefined)[],
  findings: Findings,
): void => {
  for (const [place, { role, tp }] of deploy.entries()) {
    if (deploy[place]?.replicas !== 0) continue;
    findings.require(
      role === "both",
      "REPLAY-2",
      `${called(place)}.role must be both for a model without workers of its own, found ${role}`,
    );
    const hosts = deploy.flatMap((host, at) =>
      host.tp === tp && host.role === "both" && (replicas[at] as number) > 0 ? [at] : [],
    );
    const guest = costs[place];
    const hasRoom = hosts.some((at) => {
      const host = costs[at];
      return host === undefined || guest === undefined || fitBoth(host, guest);
    });
    if (hosts.length === 0) {
      const message = `${called(place)}.replicas must be 1 or more where no other deployment has workers of TP ${tp} to swap, found 0`;
      findings.add("REPLAY-2", message);
    } else {
      const message = `${called(place)} must fit beside the weights of one that it is swapped for (${hosts.map(called).join(", ")}), found no room for both`;
      findings.require(hasRoom, "REPLAY-2", message);
    }
  }
};
