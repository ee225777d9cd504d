export { applyLoad } from "./apply-load.ts";
export type { LoadedRequest } from "./loaded-request.ts";
