import fc from "fast-check";
import { bytes } from "#base";
import {
  blockBytes,
  blocksPerWorker,
  CALIBRATIONS,
  type CalibrationName,
  type CostSettings,
  type Costs,
  calibrate,
  createCosts,
  decodeStepTime,
  prefillTime,
  transferTime,
} from "#cost";
import { checkTp, type Distance, peakOf } from "#spec";
import { agreesWith, property, type Subject, values } from "#verify";
import { deploymentOf, orIssue, type Setup, setups, sole } from "./setups.ts";

type Case = {
  readonly setup: Setup;
  readonly calibration: CalibrationName;
  readonly blockTokens: number;
  readonly newTokens: number;
  readonly batch: number;
  readonly kvTokens: number;
  readonly distance: Distance;
  readonly blocks: number;
};
type Answer = {
  readonly blockBytes: number;
  readonly blocksPerWorker: number;
  readonly prefillNs: number;
  readonly decodeStepNs: number;
  readonly fetchNs: number;
};
type Reply = Answer | { readonly issue: string };

const settingsOf = ({ setup, calibration, blockTokens }: Case): CostSettings => ({
  ...deploymentOf(setup),
  calibration,
  blockTokens,
});

const asked = (costs: Costs, given: Case): Answer => ({
  blockBytes: costs.blockBytes,
  blocksPerWorker: costs.blocksPerWorker,
  prefillNs: costs.prefillNs(given.newTokens),
  decodeStepNs: costs.decodeStepNs(given.batch, given.kvTokens),
  fetchNs: costs.fetchNs(given.distance, given.blocks),
});

/** A subject that works its costs out from other settings. */
const fast =
  (change: (settings: CostSettings) => CostSettings = (same) => same): Subject<Case, Reply> =>
  () =>
  (given) =>
    orIssue(() => asked(createCosts(change(settingsOf(given))), given));

/** A subject that is wrong in one answer. */
const except =
  (change: (answer: Answer, given: Case) => Partial<Answer>): Subject<Case, Reply> =>
  () =>
  (given) =>
    orIssue(() => {
      const answer = asked(createCosts(settingsOf(given)), given);
      return { ...answer, ...change(answer, given) };
    });

/** The closed forms, one by one: what the fast forms must say. */
const closedForms: Subject<Case, Reply> = () => (given) =>
  orIssue(() => {
    const settings = settingsOf(given);
    const { profile, gpu, model, weightFormat, kvFormat, tp, blockTokens } = settings;
    checkTp(profile, tp);
    peakOf(gpu, weightFormat);
    const efficiency = calibrate(profile, gpu.name, given.calibration);
    const size = blockBytes(model, kvFormat, blockTokens);
    const { batch, kvTokens, newTokens, blocks, distance } = given;
    return {
      blockBytes: size,
      blocksPerWorker: blocksPerWorker(settings, blockTokens),
      prefillNs: prefillTime(settings, newTokens, efficiency.prefill).total,
      decodeStepNs: decodeStepTime(settings, batch, kvTokens, efficiency.decode).total,
      fetchNs: transferTime(profile, distance, bytes(blocks * size), tp).total,
    };
  });

export default property<Case, Case, Reply>({
  id: "CST-8",
  part: "cost",
  statement: "the costs of the hot loop equal the closed forms to the nanosecond and to the byte",
  given: values(
    fc.record({
      setup: setups,
      calibration: fc.constantFrom(...CALIBRATIONS),
      blockTokens: fc.constantFrom(1, 16, 64, 512),
      newTokens: fc.integer({ min: 1, max: 200_000 }),
      batch: fc.integer({ min: 1, max: 1024 }),
      kvTokens: fc.integer({ min: 0, max: 10_000_000 }),
      distance: fc.constantFrom<Distance[]>(0, 1, 2, 3),
      blocks: fc.integer({ min: 0, max: 10_000 }),
    }),
  ),
  subject: fast(),
  scripts: (given) => [[given]],
  holds: agreesWith<Case, Case, Reply>(closedForms, (given) => [[given]]),

  witnesses: {
    "a calibrated deployment": ({ calibration }, replies) =>
      calibration === "document" && !("issue" in sole(replies)),
    "a deployment that is refused": (_, replies) => "issue" in sole(replies),
    "a fetch over several shards": ({ setup, distance }, replies) =>
      setup.tp > 1 && distance > 0 && !("issue" in sole(replies)),
    "a prefill at the floor that its weights set": (given, replies) => {
      const reply = sole(replies);
      if ("issue" in reply || given.calibration !== "roofline") return false;
      return reply.prefillNs === prefillTime(settingsOf(given), 1).memory;
    },
  },

  mutants: {
    "rounds the time of a token, then multiplies": except(({ prefillNs }, { newTokens }) => ({
      prefillNs: Math.ceil(prefillNs / newTokens) * newTokens,
    })),
    "stays on the roofline whatever the calibration": fast((settings) => ({
      ...settings,
      calibration: "roofline",
    })),
    "decodes at the efficiency of a prefill": except(({ decodeStepNs }, given) => {
      const { profile, gpu } = settingsOf(given);
      const { prefill, decode } = calibrate(profile, gpu.name, given.calibration);
      return { decodeStepNs: Math.ceil((decodeStepNs * decode) / prefill) };
    }),
    "fetches whole blocks on every shard": except(({ fetchNs }, { setup, distance }) => ({
      fetchNs: distance === 0 ? 0 : fetchNs * setup.tp,
    })),
    "pays the latency once a block": except(({ fetchNs }, { setup, distance, blocks }) => ({
      fetchNs:
        fetchNs + (distance === 0 ? 0 : 500 * Math.max(0, blocks - 1) * Number(setup.tp > 0)),
    })),
    "rounds down": except(({ decodeStepNs }) => ({ decodeStepNs: decodeStepNs - 1 })),
    "counts tokens for blocks": except(({ blocksPerWorker: blocks }, { blockTokens }) => ({
      blocksPerWorker: blocks * blockTokens,
    })),
    "forgets that prefill reads the weights": except((_, given) => {
      const settings = settingsOf(given);
      const { prefill } = calibrate(settings.profile, settings.gpu.name, given.calibration);
      return { prefillNs: prefillTime(settings, given.newTokens, prefill).compute };
    }),
  },
});
