export { createScratchFolder } from "./scratch-folder.ts";
