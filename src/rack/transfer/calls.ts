import { assert } from "#base";
import { findProfile, type Profile, supposed } from "#spec";
import type {
  Begun,
  CreateTransfers,
  Manner,
  NothingSent,
  PlacedBlock,
  Sent,
  TransferDone,
  TransferRefused,
  Transfers,
  Waiting,
} from "./contract.ts";

/** A rack's counts, where they are not the profile's. */
type RackCounts = {
  readonly gpus: number;
  readonly gpusPerSuperchip: number;
  readonly gpusPerDomain: number;
};

/** What a case says of the shape: the profile by its name. */
export type TransferSetup = {
  readonly profile: string;
  readonly rack?: RackCounts;
  readonly tp: number;
  readonly blockBytes: number;
  readonly capacityBlocks: number;
};

/** What may happen, as plain data: the vocabulary of histories, logs and saved cases. */
export type TransferEvent =
  | {
      readonly kind: "store" | "drop" | "pin" | "unpin";
      readonly worker: number;
      readonly block: number;
    }
  | { readonly kind: "lose"; readonly worker: number }
  | {
      readonly kind: "copy" | "move";
      readonly block: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: "begin";
      readonly manner: Manner;
      readonly block: number;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "arrive"; readonly transfer: number; readonly shard: number }
  | { readonly kind: "abort"; readonly transfer: number };

/** Anything that can be asked of transfers; `create` comes first. */
export type TransferCall =
  | ({ readonly kind: "create" } & TransferSetup)
  | TransferEvent
  | { readonly kind: "holds"; readonly worker: number; readonly block: number }
  | { readonly kind: "holders"; readonly block: number }
  | { readonly kind: "used"; readonly worker: number }
  | { readonly kind: "contents" };

/** The answers, each to its kind of call; `create` is answered by the number of workers. */
export type TransferReply =
  | Begun
  | NothingSent
  | Sent
  | TransferDone
  | TransferRefused
  | Waiting
  | boolean
  | number
  | readonly number[]
  | readonly PlacedBlock[];

/** The profile of a setup, with the rack's own counts where it has some. */
const profileOf = ({ profile, rack }: TransferSetup): Profile => ({
  ...findProfile(profile),
  ...(rack && {
    gpuCount: supposed(rack.gpus),
    gpusPerSuperchip: supposed(rack.gpusPerSuperchip),
    gpusPerDomain: supposed(rack.gpusPerDomain),
  }),
});

const answer = (
  transfers: Transfers,
  call: Exclude<TransferCall, { kind: "create" }>,
): TransferReply => {
  switch (call.kind) {
    case "store":
    case "drop":
    case "pin":
    case "unpin":
    case "holds":
      return transfers[call.kind](call.worker, call.block);
    case "lose":
    case "used":
      return transfers[call.kind](call.worker);
    case "copy":
    case "move":
      return transfers[call.kind](call.block, call.from, call.to);
    case "begin":
      return transfers.begin(call.manner, call.block, call.from, call.to);
    case "arrive":
      return transfers.arrive(call.transfer, call.shard);
    case "abort":
      return transfers.abort(call.transfer);
    case "holders":
      return transfers.holders(call.block);
    case "contents":
      return transfers.contents();
  }
};

/** Transfers as a subject: calls and replies are plain data. */
export const transferSubject =
  (create: CreateTransfers): (() => (call: TransferCall) => TransferReply) =>
  () => {
    let transfers: Transfers | undefined;
    return (call) => {
      if (call.kind === "create") {
        const { tp, blockBytes, capacityBlocks } = call;
        transfers = create({ profile: profileOf(call), tp, blockBytes, capacityBlocks });
        return transfers.workerCount;
      }
      assert(transfers !== undefined, "transfers are created before they are asked", call.kind);
      return answer(transfers, call);
    };
  };
