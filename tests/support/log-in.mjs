// Logs a real server in with the key in KEY. A program of its own, for NODE_DEBUG is read at start.
import { startScripted } from "codex-app-server/testing";

const scripted = await startScripted();
await scripted.codex.request("account/login/start", { type: "apiKey", apiKey: process.env.KEY });
await scripted[Symbol.asyncDispose]();
