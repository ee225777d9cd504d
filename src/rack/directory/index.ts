export {
  type DirectoryCall,
  type DirectoryEvent,
  type DirectoryQuestion,
  type DirectoryReply,
  directorySubject,
  type Run,
} from "./calls.ts";
export {
  type Applied,
  type CreateDirectory,
  type Directory,
  type DirectoryShape,
  type Holder,
  type Listing,
  type Told,
} from "./contract.ts";
export { createBlockDirectory } from "./directory.ts";
export { DirectoryModel } from "./model.ts";
