import type { Bridge } from "../../src/sync/bridge.ts";
import type { ToWorker } from "../../src/sync/messages.ts";

/** The URL of a module for a worker thread, with this code. */
export function moduleOf(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/**
 * A worker that replaces the client, and answers each call by the member's name: `reply(call,
 * post)` runs in the worker and returns `[value, references]`, or undefined to leave the call
 * unanswered. The call `seen` returns what the worker has received.
 */
export function scriptedWorker(reply = "() => [undefined, []]"): string {
  return moduleOf(`
    export function serveCalls({ port, counters }) {
      const reply = ${reply};
      const seen = [];
      const post = (message) => {
        port.postMessage(message);
        Atomics.add(counters, 0, 1);
        Atomics.notify(counters, 0);
      };
      port.on("message", (message) => {
        seen.push(message);
        if (message.kind === "end") process.exit();
        if (message.kind !== "call" && message.kind !== "open") return;
        const { id, member } = message;
        const answer = member === "seen" ? [seen] : reply(message, post);
        if (answer === undefined) return;
        const [value, references = []] = answer;
        post({ kind: "settled", id, outcome: "returned", value: { value, references } });
      });
    }`);
}

/** What the scripted worker has received, except pings and the calls that ask for this. */
export function received(bridge: Bridge): ToWorker[] {
  const seen = bridge.call(received, { target: 0, member: "seen", args: [] }) as ToWorker[];
  return seen.filter((one) => one.kind !== "ping" && !("member" in one && one.member === "seen"));
}
