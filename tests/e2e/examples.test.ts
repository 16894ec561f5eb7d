import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { compileExamples } from "../support/examples.ts";
import { withoutMachineWarnings } from "../support/machine-warnings.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const examples = readdirSync(join(root, "examples"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, ""));

/** What each example must print, line by line. */
const expected: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  quickstart: ["Hello, nice to meet you!"],
  streaming: [
    /^\$ .*echo hi/,
    "It printed hi.",
    "[completed]",
    "15 tokens in the last request",
    "A mutex lets one in at a time.",
  ],
  timeline: [
    "> Write a haiku about tea into tea.txt, and count its words.",
    "add +2 -0",
    "$ wc -w < tea.txt → exit 0: 5",
    "Five words.",
    "userMessage, fileChange, command, assistant",
    "**User**",
    /^\*\*Add .*tea\.txt\*\* \(\+2 -0\)$/,
    /^\*\*Command\*\* exit 0/,
    "**Codex**",
  ],
  "concurrent-threads": [
    "What is the capital of France? Paris",
    "What is the capital of Japan? Tokyo",
    "What is the capital of Kenya? Nairobi",
    "The Nile, then The Rhine",
  ],
  resume: ["Found: Secrets", "heron", "Thread: 2 turns", "Fork: 3 turns"],
  pool: ["ada: ada", "bob: bob", "../cy: ../cy", "2 servers for 3 users, 0 waiting"],
  sync: ["Bonjour, Paris", "Tokyo says hello."],
  "steer-and-interrupt": ["completed: Goodbye!", "interrupted", "The user went home"],
  approvals: [
    /^accept the command .*uname.* \(to see the host\)$/,
    /^decline the command .*rm -rf build.* \(to clean up\)$/,
    "accept the change The wind asks; the reed bows.",
    /uname.*: completed$/,
    /rm -rf build.*: declined$/,
    "I saw the host and wrote the poem, but was not allowed to clean up.",
    "The wind asks; the reed bows.",
  ],
  "requests-as-data": [
    "Run this command?",
    "| Reason given: to see the host",
    /^\| Directory: /,
    /^\| Command: .*uname/,
    /^\| Always allows, without asking, commands that start with: \["/,
    "> accept, acceptWithExecpolicyAmendment, cancel: accept",
    "409",
    "Make these changes to files?",
    /^\| Add: .*poem\.txt$/,
    "| With this text: The wind asks; the reed bows.",
    /^\| In this session, allows changing and deleting: .*poem\.txt$/,
    "> accept, acceptForSession, decline, cancel: decline",
    "409",
    "Answer the agent's questions?",
    "| Header: Colour",
    "| Question: Which colour do you like?",
    "| Choice 1: Green: like the reed",
    "| Choice 2: Blue: like the wind",
    "> accept, decline: accept",
    "409",
    "I saw the host, wrote no poem, and know your colour.",
  ],
  tools: [
    'count_stock {"fruit":"apple"}: completed',
    'count_stock {"fruit":"pears"}: failed',
    'count_stock {"fruit":"pear"}: completed',
    'order {"fruit":"pear","amount":"three"}: failed',
    'order {"fruit":"pear","amount":3}: completed',
    "Done. Ordered 3 of pear.",
    "Pears in stock: 3",
  ],
  "structured-output": [
    "Tea: 3 steps, 5 minutes",
    "{ colours: [ 'green', 'black', 'white' ] }",
    /^minutes: /,
    'The model said: {"title":"Cold tea","minutes":0,"steps":[]}',
  ],
  "model-picker": [/^● /, /^○ /, /^○ /, /^Efforts: low, .*; default /, /^Tiers: /, "Hello!"],
  account: [
    "Nobody is logged in; login required: true",
    "Open auth.openai.com",
    "LoginError",
    "Now: apikey",
    "apiKey",
    "Now: logged out",
    "InvalidRequestError",
  ],
  "sub-agents": ["helper: idle, 15 tokens", "45 tokens, 60 with agents", "interrupted"],
  history: [
    "This thread: true",
    "Noted: Pune.",
    "Noted: Lima.",
    "Noted: Oslo.",
    "I remember Oslo.",
  ],
  "goals-and-reviews": [
    "sum() subtracts.",
    "Lines: 1",
    "complete: sum() adds now.",
    "A turn completed",
    "A turn completed",
    "A turn completed",
  ],
  server: [
    "Verbosity: low, from user",
    "Skills that can't be read: 0",
    "Remember the milk.",
    "Remember the milk.",
    "Exit code: 3",
    "Features: 1",
  ],
  "returning-browser": [
    "Away for a moment: the same: true; beginnings: 1",
    "Away for a long time: the same: true; beginnings: 2",
  ],
  "review-bot": [
    '{"event":"COMMENT","body":"One fault.","comments":[{"path":"add.js","line":2,"body":"This subtracts.","side":"RIGHT"}]}',
  ],
  batch: [
    ...["1 of 5 done, 0 failed, 15 tokens", "2 of 5 done, 0 failed, 30 tokens"],
    ...["3 of 5 done, 0 failed, 45 tokens", "4 of 5 done, 0 failed, 60 tokens"],
    "5 of 5 done, 0 failed, 75 tokens",
  ],
  ci: [
    /^::stop-commands::[\da-f-]{36}$/,
    /^\$ .*cat README\.md/,
    /^::[\da-f-]{36}::$/,
    "README.md is up to date",
  ],
  images: ["I see 2 images, and they are the same."],
  "errors-and-retry": [
    /^Input: .*missing\.png/,
    /^Server: invalid session id/,
    "Result: failed",
    "Turn: usageLimitExceeded",
    "Retried: Hello!",
    /^Timeout: .* 500 ms/,
  ],
  "testing-your-agent": [
    "ok 1 - it gives the model's number, and the model saw the files",
    "ok 2 - it throws when the model fails",
    "ok 3 - a turn can be interrupted while the model speaks",
    "# pass 3",
    "# fail 0",
  ],
};

/** The lines that a test runner prints in addition to the results and the counts. */
const RUNNER_DETAILS = /^(TAP version|1\.\.|# (?!pass|fail)| )/;

beforeAll(compileExamples);

test.for(examples)("%s", async (name) => {
  const runner = join(root, "examples/dist/offline/run.js");
  const env = { ...process.env, NODE_DEBUG: "", NODE_OPTIONS: "--test-reporter=tap" };
  const { stdout, stderr } = await run(process.execPath, [runner, name], { cwd: root, env });
  const lines = stdout.split("\n").filter((line) => line !== "" && !RUNNER_DETAILS.test(line));
  expect(lines).toEqual(expected[name]?.map(matcher));
  expect(withoutMachineWarnings(stderr)).toBe(
    "Scripted model: no network, no login. Add --live for the real one.\n",
  );
});

function matcher(line: string | RegExp): unknown {
  return typeof line === "string" ? line : expect.stringMatching(line);
}
