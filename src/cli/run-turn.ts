import { fstatSync } from "node:fs";
import type { Notification, TurnResult } from "../index.ts";
import { TurnFailedError } from "../index.ts";
import { AnswerFile } from "./answer-file.ts";
import type { Desk } from "./approvals.ts";
import type { Arguments } from "./arguments.ts";
import { takesColours } from "./colours.ts";
import { checkImages } from "./files.ts";
import type { Interrupts } from "./interrupts.ts";
import { Output } from "./output.ts";
import { readPrompt } from "./prompt.ts";
import { errorRecord } from "./report-error.ts";
import { openThread, startServer } from "./start-server.ts";
import { Terminal } from "./terminal.ts";
import { coloured, exactJson, outputLine, plain, type Shown, show } from "./text.ts";
import { type Piece, Transcript } from "./transcript.ts";

const STDIN_IGNORED = show`Nothing arrived on stdin, so it is ignored. To avoid the wait, redirect it from /dev/null.`;
const STDIN_AWAITED = show`Waiting for stdin to end: it is part of the prompt. If there is nothing to add, redirect it from /dev/null.`;

/** Runs one turn and shows it; resolves with the exit code. */
export async function runTurn(args: Arguments, interrupts: Interrupts): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const paint = takesColours(stderr, env) ? coloured : plain;
  const transcript = new Transcript(args.cwd, paint);
  using output = new Output(stdout, stderr, { spinner: !args.json && env.TERM !== "dumb" });
  const notice = (text: Shown) => output.show([log(show`${paint("yellow", text)}\n`, true)]);
  const { signal } = interrupts;

  await checkImages(args.images);
  const onSilence = (isIgnored: boolean) => notice(isIgnored ? STDIN_IGNORED : STDIN_AWAITED);
  const maybeUnused = isSocket(stdin.fd);
  const text = await readPrompt({ given: args.prompt, stdin, maybeUnused, signal, onSilence });
  using answerFile =
    args.outputFile === undefined ? undefined : new AnswerFile(args.outputFile, args.cwd);

  const onInterrupt = () => interrupts.press();
  const asks = stdin.isTTY && stderr.isTTY;
  const desk: Desk = {
    terminal: asks
      ? new Terminal({ input: stdin, screen: stderr, output, onInterrupt })
      : undefined,
    paint,
    begin: (item) => transcript.begin(item),
    show: (pieces) => output.show(pieces),
  };
  const isWatched = stdout.isTTY && stderr.isTTY;
  await using backend = await startServer({ args, desk, isWatched, notice, signal });
  const thread = await openThread(backend, args);
  const images = args.images.map((path) => ({ type: "localImage" as const, path }));
  const { outputSchema } = args;
  const turn = await thread.turn([{ type: "text", text }, ...images], { outputSchema });
  interrupts.onFirst = () => {
    notice(show`Interrupting the turn. Press Ctrl-C again to quit.`);
    turn.interrupt().catch(() => interrupts.quit(130));
  };

  try {
    for await (const notification of turn.stream()) {
      const pieces = args.json ? jsonLine(notification) : transcript.accept(notification);
      output.activity = transcript.activity;
      await output.write(pieces);
    }
    return conclude(await turn.run(), { args, output, answerFile });
  } finally {
    if (!backend.scripted) output.show([log(paint("dim", howToContinue(thread.id)), false)]);
  }
}

interface Ending {
  readonly args: Arguments;
  readonly output: Output;
  readonly answerFile: AnswerFile | undefined;
}

/** Finishes after a turn; returns the exit code. */
function conclude(result: TurnResult, { args, output, answerFile }: Ending): number {
  if (result.status === "completed") {
    answerFile?.write(result.text);
    return 0;
  }
  if (args.json) output.show([answer(errorRecord(new TurnFailedError(result)))]);
  return result.status === "interrupted" ? 130 : 1;
}

function howToContinue(threadId: string): Shown {
  return show`To continue this thread: --resume ${outputLine(threadId)}\n`;
}

function jsonLine(notification: Notification): Piece[] {
  return [answer(show`${exactJson(notification)}\n`)];
}

function answer(text: Shown): Piece {
  return { to: "answer", text, block: false, isPreformatted: true };
}

function log(text: Shown, block: boolean): Piece {
  return { to: "log", text, block };
}

/**
 * Whether this is a socket. Node programs start others with a socket as stdin, and often leave it
 * open; a shell's pipe ends with the program that writes to it.
 */
function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}
