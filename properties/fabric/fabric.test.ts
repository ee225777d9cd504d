import { proveFolder } from "../prove-folder.ts";

await proveFolder(import.meta.url);
