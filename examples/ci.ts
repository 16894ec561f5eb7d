// A check for CI: fails the job if the README doesn't match the code, and says why.
import { randomUUID } from "node:crypto";
import { Codex, escapeLine } from "codex-app-server";
import { z } from "zod";

const Verdict = z.object({ upToDate: z.boolean(), reasons: z.array(z.string()) });
const { CODEX_API_KEY } = process.env;

// The key stays in memory, and out of the environment of the agent's commands.
await using codex = new Codex({
  apiKey: CODEX_API_KEY || undefined, // a missing secret is an empty variable
  approvals: "decline",
  env: { CODEX_API_KEY: undefined },
});
const { account, requiresOpenaiAuth } = await codex.account.read();
if (account === null && requiresOpenaiAuth) throw new Error("The secret CODEX_API_KEY is not set");

const thread = await codex.threadStart({
  ephemeral: true,
  sandbox: "read-only",
  approvalPolicy: "never",
});
const turn = await thread.turn("Does README.md match the code? Name each sentence that doesn't.", {
  outputSchema: Verdict,
  timeoutMs: 10 * 60_000,
});

// The log shows what the agent does. The runner ignores commands until it reads this token again.
const token = randomUUID();
console.log(`::stop-commands::${token}`);
for await (const { method, params } of turn.stream()) {
  if (method === "item/started" && params.item.type === "commandExecution") {
    console.log(`$ ${escapeLine(params.item.command)}`);
  }
}
console.log(`::${token}::`);

const { upToDate, reasons } = (await turn.run()).throwIfFailed().output;
for (const reason of reasons) console.log(`::error file=README.md::${escapeLine(reason)}`);
if (upToDate) console.log("README.md is up to date");
else process.exitCode = 1;
