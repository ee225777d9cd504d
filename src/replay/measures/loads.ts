import type { Standing } from "./meters.ts";
import type { DeploymentLoad, Imbalance, Utilisation } from "./result.ts";

/** How much a worker of a deployment had to do, in whatever unit. */
type Load = { readonly deployment: number; readonly load: number };

/** Those of each deployment, by its place in the options. */
const byDeployment = <T extends { readonly deployment: number }>(
  items: readonly T[],
): readonly (readonly T[])[] => {
  const groups: T[][] = [];
  for (const item of items) {
    const group = groups[item.deployment];
    if (group === undefined) groups[item.deployment] = [item];
    else group.push(item);
  }
  return groups.filter((group) => group !== undefined);
};

/** The largest ÷ the mean of each deployment, and of those the largest; null when nobody had anything to do. */
export const worstOf = (loads: readonly Load[]): number | null => {
  const ratios = byDeployment(loads).flatMap((group) => {
    const total = group.reduce((sum, { load }) => sum + load, 0);
    const most = group.reduce((largest, { load }) => Math.max(largest, load), 0);
    return total > 0 ? [(most * group.length) / total] : [];
  });
  return ratios.length > 0 ? Math.max(...ratios) : null;
};

/** How uneven the work of a run was. */
export const imbalanceOf = (standings: readonly Standing[]): Imbalance => {
  const worst = (loadOf: (standing: Standing) => number): number | null =>
    worstOf(
      standings.map((standing) => ({ deployment: standing.deployment, load: loadOf(standing) })),
    );
  return {
    requests_max_over_mean: worst(({ requests }) => requests),
    tokens_max_over_mean: worst(({ prefillTokens, decodeTokens }) => prefillTokens + decodeTokens),
    busy_max_over_mean: worst(({ busyNs }) => busyNs),
  };
};

const share = (standings: readonly Standing[]): number | null => {
  const aliveNs = standings.reduce((sum, standing) => sum + standing.aliveNs, 0);
  const busyNs = standings.reduce((sum, standing) => sum + standing.busyNs, 0);
  return aliveNs > 0 ? busyNs / aliveNs : null;
};

const deploymentLoad = (standings: readonly Standing[]): DeploymentLoad => {
  const shares = standings.flatMap((standing) => share([standing]) ?? []);
  return {
    deployment: (standings[0] as Standing).deployment,
    workers: standings.length,
    busy_share: share(standings),
    busy_share_least: shares.length > 0 ? Math.min(...shares) : null,
    busy_share_most: shares.length > 0 ? Math.max(...shares) : null,
    prefill_tokens: standings.reduce((sum, { prefillTokens }) => sum + prefillTokens, 0),
    decode_tokens: standings.reduce((sum, { decodeTokens }) => sum + decodeTokens, 0),
  };
};

/** How busy workers were, all together and by deployment. */
export const loadOf = (standings: readonly Standing[]): Omit<Utilisation, "over_time"> => ({
  busy_share: share(standings),
  by_deployment: byDeployment(standings).map(deploymentLoad),
});
