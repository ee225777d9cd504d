import {
  type Fleet,
  fastParts,
  type MachineCall,
  type MachineReply,
  machineSubject,
  modelParts,
  RackMachine,
} from "#rack";
import type { Subject } from "#verify";

/** A rack as a subject. */
export type RackSubject = Subject<MachineCall, MachineReply>;

type Parts = ReturnType<typeof fastParts>;

/** The reference: a rack of the parts that are fast. */
export const fastRack: RackSubject = machineSubject(
  (shape, policy, seed) => new RackMachine(shape, fastParts(policy, seed)),
);

/** The same of models: what the reference is compared with. */
export const modelRack: RackSubject = machineSubject(
  (shape, policy, seed) => new RackMachine(shape, modelParts(policy, seed)),
);

/** A rack with one of its steps done wrong. */
export const broken = (
  Broken: new (...args: ConstructorParameters<typeof RackMachine>) => RackMachine,
): RackSubject =>
  machineSubject((shape, policy, seed) => new Broken(shape, fastParts(policy, seed)));

/** A rack with one of its parts replaced. */
export const withParts = (change: (parts: Parts) => Partial<Parts>): RackSubject =>
  machineSubject((shape, policy, seed) => {
    const parts = fastParts(policy, seed);
    return new RackMachine(shape, { ...parts, ...change(parts) });
  });

/** A rack whose fleet has one of its steps done wrong. */
export const withFleet = (Broken: new (...args: ConstructorParameters<typeof Fleet>) => Fleet) =>
  withParts(() => ({ createFleet: (...given) => new Broken(...given) }));
