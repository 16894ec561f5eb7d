// Run in a checkout of a pull request: reviews it, and posts comments on its lines.
import { execFileSync } from "node:child_process";
import { Codex } from "codex-app-server";
import { z } from "zod";

const { BASE = "main", CODEX_API_KEY, GITHUB_TOKEN, PULL_REQUEST } = process.env;

const Review = z.object({
  summary: z.string(),
  comments: z.array(z.object({ path: z.string(), line: z.number().int(), body: z.string() })),
});

const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" });
const diff = git("diff", `${BASE}...HEAD`);
const changed = git("diff", "--name-only", `${BASE}...HEAD`).split("\n");

// Someone else wrote the change: the agent can only read, and gets no secrets.
await using codex = new Codex({
  apiKey: CODEX_API_KEY || undefined,
  approvals: "decline",
  env: { CODEX_API_KEY: undefined, GITHUB_TOKEN: undefined },
});
const thread = await codex.threadStart({
  ephemeral: true,
  sandbox: "read-only",
  approvalPolicy: "never",
});
const result = await thread.run(
  "Review this change. Read the code around it before you judge. Report bugs only, not style. " +
    `Line numbers refer to the new files.\n\n${diff}`,
  { outputSchema: Review, timeoutMs: 10 * 60_000 },
);
const { summary, comments } = result.throwIfFailed().output;

const review = {
  event: "COMMENT",
  body: summary,
  comments: comments
    .filter(({ path }) => changed.includes(path))
    .map((comment) => ({ ...comment, side: "RIGHT" })),
};

if (GITHUB_TOKEN) {
  const { GITHUB_API_URL, GITHUB_REPOSITORY } = process.env;
  const url = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/pulls/${PULL_REQUEST}/reviews`;
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${GITHUB_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(review),
  });
  if (!response.ok) throw new Error(`GitHub: ${response.status} ${await response.text()}`);
} else {
  console.log(JSON.stringify(review));
}
