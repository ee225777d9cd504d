import { answered, type Step } from "./steps.ts";

/** What an owner has asked for and was given. */
type Asked = {
  readonly placed: "together" | "apart";
  readonly running: string;
  readonly tp: number;
  readonly wanted: number;
};

/** The kind that a call asks for. */
export const runningOf = (
  call: { readonly model: string; readonly weightFormat: string; readonly kvFormat: string },
  tp: number,
): string => `${call.model}/${call.weightFormat}/${call.kvFormat}/tp${tp}`;

/**
 * Who is an owner, as answers and what is told say: from a deployment on, until it is undeployed; one whose workers stand together also until
 * its gang ends. To be told each step once it has been judged.
 */
export const trackOwners = () => {
  const owners = new Map<number, Asked>();
  const hear = ({ call, reply, events }: Step): void => {
    for (const event of events) {
      if (event.kind !== "gang-ended") continue;
      if (owners.get(event.owner)?.placed === "together") owners.delete(event.owner);
    }
    if (call.kind === "undeploy" && answered(reply, "undeployed")) owners.delete(call.owner);
    const deployed = answered(reply, "deployed");
    if (call.kind !== "deploy" || deployed === undefined) return;
    const { placed, tp } = call;
    const running = runningOf(call, tp);
    owners.set(call.owner, { placed, running, tp, wanted: deployed.workers.length });
  };
  return { owners, hear } as const;
};
