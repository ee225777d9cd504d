export {
  type TransferCall,
  type TransferEvent,
  type TransferReply,
  type TransferSetup,
  transferSubject,
} from "./calls.ts";
export type {
  Begun,
  CreateTransfers,
  Manner,
  NothingSent,
  PlacedBlock,
  Sent,
  TransferDone,
  TransferRefusal,
  TransferRefused,
  TransferShape,
  Transfers,
  Waiting,
} from "./contract.ts";
export { type ModelFlight, type ModelPlace, TransferModel } from "./model.ts";
export { BlockTransfers } from "./transfers.ts";
