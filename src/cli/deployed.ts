/** Changes to what is deployed, as flags and the axes of a sweep make them. */
import { InputError } from "#base";
import type { DeploymentOptions, ReplayOptions } from "#replay";

type Deployed = ReplayOptions["deploy"];

const refuse = (message: string): never => {
  throw new InputError([{ code: "CLI-5", message }]);
};

const kindsOf = (deploy: Deployed): string =>
  deploy.map(({ model, role }) => (role === "both" ? model : `${model} (${role})`)).join(", ");

/** The same, with some members of every deployment changed. */
export const everywhere = (deploy: Deployed, members: Partial<DeploymentOptions>): Deployed =>
  deploy.map((one) => ({ ...one, ...members }));

/** Whether prefill and decode are done by workers of their own. */
const isApart = ([first, second, ...others]: Deployed): boolean =>
  first?.role === "prefill" && second?.role === "decode" && others.length === 0;

/** The one model that is deployed, whole or in halves; `must` begins the sentence when there are several. Throws an `InputError` CLI-5 then. */
const theOnly = (deploy: Deployed, must: string): DeploymentOptions => {
  const [first] = deploy;
  if (first === undefined || (deploy.length > 1 && !isApart(deploy))) {
    return refuse(`${must} must be given where one model is deployed, found ${kindsOf(deploy)}`);
  }
  return first;
};

/** So many workers that do whole requests; as many as fit when it is null. */
export const together = (deploy: Deployed, replicas: number | null, must: string): Deployed => [
  { ...theOnly(deploy, must), role: "both", replicas },
];

/** So many workers that only prefill, and so many that only decode what those have prefilled. */
export const apart = (
  deploy: Deployed,
  prefill: number,
  decode: number,
  must: string,
): Deployed => {
  const only = theOnly(deploy, must);
  return [
    { ...only, role: "prefill", replicas: prefill },
    { ...only, role: "decode", replicas: decode, serves: null },
  ];
};

/** `4+5` for workers apart, `together` for those that do whole requests. */
export const splitOf = (deploy: Deployed): string => {
  if (!isApart(deploy)) return "together";
  return deploy.map(({ replicas }) => replicas ?? "rest").join("+");
};
