export {
  type DirectoryCall,
  type DirectoryEvent,
  type DirectoryQuestion,
  type DirectoryReply,
  type DirectoryRun,
  directorySubject,
  type Run,
} from "./calls.ts";
export type {
  Applied,
  CreateDirectory,
  Directory,
  DirectoryShape,
  Holder,
  Listing,
  LongestRun,
  Told,
} from "./contract.ts";
export { createBlockDirectory } from "./directory.ts";
export { DirectoryModel } from "./model.ts";
