// Starts a scripted server, prints the paths of its directories, and exits without closing
// anything.
import { startScripted } from "codex-app-server/testing";

const { codex, home, cwd } = await startScripted({ script: ["Hello!"] });
await (await codex.threadStart()).run("hi");
process.stdout.write(JSON.stringify([home, cwd]), () => process.exit(0));
