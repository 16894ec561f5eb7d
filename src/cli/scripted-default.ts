import { command, type ModelRequest, patch, type Reply, reply, text } from "../testing/index.ts";
import { describeProject } from "./describe-project.ts";

/**
 * The reason with which the scripted model asks to leave a sandbox that can't work, for example in a
 * container without user namespaces. Only the fixed commands below are ever requested with it.
 */
export const SANDBOX_BROKEN: string = "The sandbox doesn't work on this machine.";

const READMES = ["README.md", "README", "README.txt", "README.rst", "readme.md"];
const MANIFESTS = ["package.json", "pyproject.toml", "Cargo.toml", "go.mod"];

/**
 * A model for users without one: it lists the files, reads the ones that describe the project, and
 * answers from them; it writes a small file on request. Its only state is the conversation, as with
 * a real model.
 */
export function scriptedDefault(request: ModelRequest): Reply {
  const prompt = request.userText;
  const fileName = newFileName(prompt);
  if (fileName === undefined && !asksForProject(prompt)) return spoken(smallTalk(prompt));

  const first = readOutput(request.outputs.get("list"));
  if (!first)
    return reply(
      text("I'll look at the files here first.", { phase: "commentary" }),
      run("ls", "list"),
    );
  const escalate = isSandboxBroken(first);
  const listing = escalate ? readOutput(request.outputs.get("list-again")) : first;
  if (!listing) return run("ls", "list-again", escalate);
  if (!listing.ok) return spoken(`I couldn't list the files here:\n\n${listing.text}`);

  const names = listing.text.split("\n").filter(Boolean);
  if (fileName !== undefined) return writeFile(request, fileName, names);
  const files = [READMES, MANIFESTS].flatMap(
    (some) => some.find((one) => names.includes(one)) ?? [],
  );
  const unread = files.filter((file) => !request.outputs.has(`read-${file}`));
  if (unread.length > 0)
    return reply(...unread.map((file) => run(`cat ${file}`, `read-${file}`, escalate)));
  const contents = files.map((name) => ({ name, text: outputOf(request, `read-${name}`) }));
  return spoken(describeProject(names, contents));
}

function asksForProject(prompt: string): boolean {
  return /\b(files?|list|director(y|ies)|folders?|projects?|repo|repository|readme|code|here)\b/i.test(
    prompt,
  );
}

/** The name in prompts like "write a file notes.txt". */
function newFileName(prompt: string): string | undefined {
  const verb = /\b(write|create|make|add)\b/i.exec(prompt);
  if (!verb || !/\bfile\b/i.test(prompt.slice(verb.index))) return undefined;
  return /(?<![\w./\\-])[\w-]+\.[a-z]\w*\b(?![/\\])/i.exec(prompt)?.[0];
}

function writeFile(request: ModelRequest, name: string, existing: readonly string[]): Reply {
  const done = request.outputs.get("write");
  if (done?.includes("Success")) return spoken(`I wrote ${name}.`);
  if (done !== undefined) return spoken(`I didn't write ${name}: ${done.trim()}`);
  if (existing.includes(name)) return spoken(`${name} already exists, so I left it unchanged.`);
  const lines = [`*** Add File: ${name}`, "+Written by the scripted model of codex-app-server."];
  return patch(["*** Begin Patch", ...lines, "*** End Patch"].join("\n"), { callId: "write" });
}

function smallTalk(prompt: string): string {
  return [
    `You said: ${prompt.trim()}`,
    "",
    "I am a script and can't think about that. Log in to ask a real model, or ask me to list the",
    "files here and say what this project is, or to write a file notes.txt.",
  ].join("\n");
}

/** An answer, streamed word by word. */
function spoken(answer: string): Reply {
  return text(answer.match(/\s*\S+\s*/g) ?? [answer], { delayMs: 5 });
}

/** Runs a command, not in a login shell: that would add the output of the user's profile. */
function run(cmd: string, callId: string, escalate = false) {
  const args = { login: false };
  return command(cmd, escalate ? { callId, args, escalate: SANDBOX_BROKEN } : { callId, args });
}

interface CommandOutput {
  readonly ok: boolean;
  readonly text: string;
}

/** Parses what the model receives of a command: some lines about it, then its output. */
function readOutput(output: string | undefined): CommandOutput | undefined {
  if (output === undefined) return undefined;
  const [head = "", ...body] = output.split("Output:\n");
  const ok = head.includes("exited with code 0");
  return { ok, text: (body.length === 0 ? head : body.join("Output:\n")).trim() };
}

function outputOf(request: ModelRequest, callId: string): string {
  const output = readOutput(request.outputs.get(callId));
  return output?.ok ? output.text : "";
}

function isSandboxBroken({ ok, text }: CommandOutput): boolean {
  return !ok && /bwrap|sandbox|landlock|seccomp/i.test(text);
}
