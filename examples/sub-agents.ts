// The tree of a thread's agents: their state, their tokens, and how to stop them all.
import { type Agent, Codex } from "codex-app-server";

await using codex = new Codex({
  config: { features: { multi_agent_v2: true } },
  approvals: "decline",
});

const thread = await codex.threadStart();
await thread.run("Have a helper count to three, and wait for it.");

for (const line of tree(await thread.agents())) console.log(line);
const own = thread.usage()?.totalTokens ?? 0;
const all = thread.usage({ withAgents: true })?.totalTokens ?? 0;
console.log(`${own} tokens, ${all} with agents`);

// Also interrupts the sub-agents. Waits at most 5 seconds for the server to end the turn.
const turn = await thread.turn("Have a helper count to a million.");
await turn.interrupt({ deadlineMs: 5_000 });
console.log((await turn.run()).status);

function* tree(agents: readonly Agent[], depth = 0): Generator<string> {
  for (const { name, state, usage, agents: below } of agents) {
    yield `${"  ".repeat(depth)}${name}: ${state}, ${usage?.total.totalTokens ?? 0} tokens`;
    yield* tree(below, depth + 1);
  }
}
