// Logs in to a real server with the key in KEY. A separate program, because NODE_DEBUG is read at
// startup.
import { startScripted } from "codex-app-server/testing";

const scripted = await startScripted();
await scripted.codex.request("account/login/start", { type: "apiKey", apiKey: process.env.KEY });
await scripted[Symbol.asyncDispose]();
