// A program whose client loses its worker thread during a blocking call: an approval rule terminates
// it, or it runs out of memory because of unread notifications. Prints what the calls throw.
import { createRequire, syncBuiltinESMExports } from "node:module";

const threads = createRequire(import.meta.url)("node:worker_threads");
let worker;
threads.Worker = class extends threads.Worker {
  constructor(code, options) {
    super(code, { ...options, resourceLimits: { maxOldGenerationSizeMb: 40 } });
    worker = this;
  }
};
syncBuiltinESMExports();
const { CodexSync } = await import("codex-app-server/sync");

const [manner] = process.argv.slice(2);
let start = performance.now();
const codex = new CodexSync({
  ...JSON.parse(process.env.OPTIONS),
  approvals: {
    command: () => {
      start = performance.now();
      worker.terminate();
      return "accept";
    },
  },
});
const calls = {
  terminated: () => codex.threadStart({ approvalPolicy: "on-request" }).run("hi"),
  "out of memory": () => codex.request("flood/start"),
};
const unread = codex.notifications();
const errors = [];
for (const call of [calls[manner], () => codex.modelList()]) {
  try {
    call();
  } catch ({ name, code, message }) {
    errors.push({ name, code, message });
  }
}
const ms = performance.now() - start;
console.log(JSON.stringify({ ms, errors, status: codex.status.state }));
unread.return();
codex.close();
