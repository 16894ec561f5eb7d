// Where the two servers are, and how each contender is told to start them.
import { fileURLToPath } from "node:url";
import { findCodexBinary } from "../../dist/process/find-binary.js";

/** The native app-server of the package's own `@openai/codex`. */
export const codexBinary = findCodexBinary();
export const appServer = { command: codexBinary, args: ["app-server", "--listen", "stdio://"] };

const replayScript = fileURLToPath(new URL("replay-server.mjs", import.meta.url));
export const replayServer = { command: process.execPath, args: [replayScript] };
