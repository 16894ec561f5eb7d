import type { Codex, CodexWarning, Notification, Thread, WarningCode } from "../index.ts";
import { askedApprovals, type Desk } from "./approvals.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import { type Backend, openBackend } from "./backend.ts";
import { takesColours } from "./colours.ts";
import type { Interrupts } from "./interrupts.ts";
import { Output } from "./output.ts";
import { readPrompt } from "./prompt.ts";
import { askedQuestions } from "./questions.ts";
import { SANDBOX_BROKEN, scriptedDefault } from "./scripted-default.ts";
import { Terminal } from "./terminal.ts";
import { coloured, exactJson, outputLine, plain, type Shown, show } from "./text.ts";
import { type Piece, Transcript } from "./transcript.ts";

const SCRIPTED_NOTICE = show`No Codex login or API key was found: the replies are scripted, the rest is real.
To use a real model, log in with "npx @openai/codex login", or set OPENAI_API_KEY.`;

/** Warnings of the server on its settings. */
const OF_SETTINGS: ReadonlySet<WarningCode> = new Set([
  "SERVER_WARNING",
  "CONFIG_WARNING",
  "DEPRECATION",
]);

/** Runs one turn and shows it; resolves with the exit code. */
export async function runTurn(args: Arguments, interrupts: Interrupts): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const prompt = await readPrompt(args.prompt, stdin);
  const paint = takesColours(stderr, env) ? coloured : plain;
  const transcript = new Transcript(args.cwd, paint);
  using output = new Output(stdout, stderr, { spinner: !args.json && env.TERM !== "dumb" });
  const notice = (text: Shown) =>
    output.show([{ to: "log", text: show`${paint("yellow", text)}\n`, block: true }]);
  const asks = stdin.isTTY && stderr.isTTY;
  const terminal = asks
    ? new Terminal({ input: stdin, screen: stderr, output, onInterrupt: () => interrupts.press() })
    : undefined;
  const desk: Desk = {
    terminal,
    paint,
    begin: (item) => transcript.begin(item),
    show: (pieces) => output.show(pieces),
  };

  await using backend = await open({ args, desk, notice, signal: interrupts.signal });
  if (backend.scripted) notice(SCRIPTED_NOTICE);
  else watchModel(backend.codex, notice);
  const thread = await openThread(backend, args);
  const turn = await thread.turn([
    { type: "text", text: prompt },
    ...args.images.map((path) => ({ type: "localImage" as const, path })),
  ]);
  interrupts.onFirst = () => {
    notice(show`Interrupting the turn; Ctrl-C again quits.`);
    turn.interrupt().catch(() => interrupts.quit(130));
  };

  for await (const notification of turn.stream()) {
    const pieces = args.json ? jsonLine(notification) : transcript.accept(notification);
    output.activity = transcript.activity;
    await output.write(pieces);
  }
  const { status } = await turn.run();
  if (status === "completed") return 0;
  return status === "interrupted" ? 130 : 1;
}

interface Opening {
  readonly args: Arguments;
  readonly desk: Desk;
  readonly notice: (text: Shown) => void;
  readonly signal: AbortSignal;
}

async function open({ args, desk, notice, signal }: Opening): Promise<Backend> {
  const warn = ({ message }: CodexWarning) => notice(outputLine(message));
  // The settings of a scripted run, and of a server that turns out to have no login, are no concern
  // of the user.
  const onSettings: CodexWarning[] = [];
  let warnOfSettings = (warning: CodexWarning): void => void onSettings.push(warning);
  const options = {
    cwd: args.cwd,
    handlers: { "item/tool/requestUserInput": askedQuestions(desk) },
    onWarning: (warning: CodexWarning) =>
      OF_SETTINGS.has(warning.code) ? warnOfSettings(warning) : warn(warning),
    signal,
  };
  const backend = await openBackend(
    {
      real: { ...options, approvals: askedApprovals(desk) },
      scripted: { ...options, approvals: askedApprovals(desk, SANDBOX_BROKEN) },
      script: scriptedDefault,
    },
    process.env,
  );
  if (!backend.scripted) {
    warnOfSettings = warn;
    onSettings.forEach(warn);
  }
  return backend;
}

function watchModel(codex: Codex, notice: (text: Shown) => void): void {
  codex.on("model/rerouted", ({ fromModel, toModel }) =>
    notice(show`The model is ${outputLine(toModel)} now instead of ${outputLine(fromModel)}.`),
  );
}

function openThread({ codex, scripted }: Backend, args: Arguments): Promise<Thread> {
  const { model, cwd, sandbox, approvalPolicy, resume } = args;
  const options = { model, cwd, sandbox, approvalPolicy };
  if (resume === undefined) return codex.threadStart(options);
  if (!scripted) return codex.threadResume(resume, options);
  throw new UsageError(
    "--resume needs a login or an API key: a scripted run has no stored threads",
  );
}

function jsonLine(notification: Notification): Piece[] {
  return [{ to: "answer", text: show`${exactJson(notification)}\n`, block: false }];
}
