import fc from "fast-check";
import { bytes } from "#base";
import { kvBudget, weightBytes } from "#cost";
import { supposed } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import {
  asGiven,
  deploymentOf,
  everySetup,
  type Mistake,
  orIssue,
  type Setup,
  setups,
  sole,
  times,
} from "./setups.ts";

type Call = {
  readonly setup: Setup;
  readonly hbmBytes: number;
  readonly workspaceBytes: number;
};
type Memory = { readonly weights: number; readonly kv: number };
type Reply = Memory | { readonly issue: string };

const deployed = ({ setup, hbmBytes, workspaceBytes }: Call) => {
  const { profile, gpu, ...rest } = deploymentOf(setup);
  return {
    ...rest,
    profile: { ...profile, workspace: supposed(bytes(workspaceBytes)) },
    gpu: { ...gpu, hbm: supposed(bytes(hbmBytes)) },
  };
};

const memory =
  (mistake: Mistake = asGiven): Subject<Call, Reply> =>
  () =>
  (call) =>
    orIssue(() => {
      const deployment = mistake(deployed(call));
      const { model, weightFormat } = deployment;
      return { weights: weightBytes(model, weightFormat), kv: kvBudget(deployment) };
    });

/** A subject that is wrong about the KV alone. */
const withKv =
  (kv: (right: Memory, call: Call) => number): Subject<Call, Reply> =>
  () =>
  (call) =>
    orIssue(() => {
      const { model, weightFormat } = deployed(call);
      const right = { weights: weightBytes(model, weightFormat), kv: 0 };
      return { ...right, kv: kv(right, call) };
    });

const weightsOf = (call: Call): number => {
  const { model, weightFormat } = deployed(call);
  return model.parameters.value * weightFormat.bytesPerValue.value;
};

function* small(): Generator<Call> {
  for (const setup of everySetup()) {
    const { profile, gpu } = deploymentOf(setup);
    yield { setup, hbmBytes: gpu.hbm.value, workspaceBytes: profile.workspace.value };
  }
}

export default property<Call, Call, Reply>({
  id: "CST-1",
  part: "cost",
  statement:
    "weights, workspace and KV budget of a worker add up to the memory of its GPUs, to the byte; a model that leaves no KV is refused",
  given: values(
    fc.record({
      setup: setups,
      hbmBytes: fc.integer({ min: 8e9, max: 400e9 }),
      workspaceBytes: fc.integer({ min: 0, max: 8e9 }),
    }),
    small,
  ),
  subject: memory(),
  scripts: (call) => [[call]],

  holds(call, replies) {
    const { tp } = call.setup;
    const [all, weights, workspace] = [
      tp * call.hbmBytes,
      weightsOf(call),
      tp * call.workspaceBytes,
    ];
    const left = all - weights - workspace;
    const reply = sole(replies);
    if ("issue" in reply) return left <= 0 ? undefined : finding(0, left, reply, "KV");
    if (left <= 0) return finding(0, { issue: "SPEC-2" }, reply);
    if (reply.weights !== weights) return finding(0, weights, reply.weights, "weights");
    const sum = reply.weights + workspace + reply.kv;
    return sum === all ? undefined : finding(0, all, sum, "weights, workspace and KV together");
  },

  witnesses: {
    "a worker of several GPUs": ({ setup }) => setup.tp > 1,
    "a model that leaves room": (_, replies) => !("issue" in sole(replies)),
    "a model that does not": (_, replies) => "issue" in sole(replies),
  },

  mutants: {
    "counts the KV of one GPU for the whole worker": withKv(
      (_, call) => kvBudget(deployed(call)) / call.setup.tp,
    ),
    "keeps the workspace free on one GPU only": memory((given) => ({
      ...given,
      profile: { ...given.profile, workspace: times(given.profile.workspace, 1 / given.tp) },
    })),
    "loads all the weights on every GPU": memory((given) => ({
      ...given,
      model: { ...given.model, parameters: times(given.model.parameters, given.tp) },
    })),
    "takes a GB for 2^30 bytes": memory((given) => ({
      ...given,
      gpu: { ...given.gpu, hbm: times(given.gpu.hbm, 2 ** 30 / 1e9) },
    })),
    "counts a byte for every parameter": memory((given) => ({
      ...given,
      weightFormat: { ...given.weightFormat, bytesPerValue: supposed(1) },
    })),
    "goes below zero instead of refusing": withKv(
      ({ weights }, { setup, hbmBytes, workspaceBytes }) =>
        setup.tp * (hbmBytes - workspaceBytes) - weights,
    ),
  },
});
