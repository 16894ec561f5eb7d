// A scripted model in a separate process, for clients that block the thread of the test. The
// parent sends { id, op, args } and receives { id, result }.
import {
  command,
  delay,
  functionCall,
  Gate,
  reply,
  ScriptedModel,
  text,
} from "codex-app-server/testing";

const gates = new Map();
const gate = (name) => {
  if (!gates.has(name)) gates.set(name, new Gate());
  return gates.get(name);
};

function toHold(spec) {
  if (typeof spec === "string") return spec;
  return "gate" in spec ? gate(spec.gate) : delay(spec.delayMs);
}

function toReply(spec) {
  if (typeof spec === "string") return spec;
  if ("all" in spec) return reply(...spec.all.map(toReply));
  if ("call" in spec) return functionCall(spec.call, spec.args);
  if ("command" in spec) return command(spec.command, { escalate: spec.escalate });
  if ("gate" in spec || "delayMs" in spec) return toHold(spec);
  return text(spec.text.map(toHold), { phase: spec.phase });
}

const queue = [];
const model = await ScriptedModel.start(({ userText }) => queue.shift() ?? `echo ${userText}`);
const operations = {
  enqueue: (...replies) => void queue.push(...replies.map(toReply)),
  forget: () => void queue.splice(0),
  open: (name) => gate(name).open(),
  reached: (name) => gate(name).reached,
  requests: () =>
    model.requests.map(({ body, userText, lastOutput }) => ({ body, userText, lastOutput })),
};
process.on("message", async ({ id, op, args }) => {
  process.send({ id, result: await operations[op](...args) });
});
process.once("disconnect", () => process.exit(0));
process.send({ url: model.url });
