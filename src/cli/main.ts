#!/usr/bin/env node
import { version } from "../version.ts";
import { asksForJson, parseArguments } from "./arguments.ts";
import { helpText } from "./help.ts";
import { parseInspectArguments } from "./inspect-arguments.ts";
import { Interrupts, Quit } from "./interrupts.ts";
import { errorRecord, reportError } from "./report-error.ts";
import { runTurn } from "./run-turn.ts";
import { parseTraceArguments } from "./trace-arguments.ts";
import { showTrace } from "./trace-command.ts";
import { UsageError } from "./usage-error.ts";
import { wrapped } from "./word-wrap.ts";

/** The exit code if the output can't be written, for example to a full disk. */
const OUTPUT_LOST = 1;

const exitCode = await main(process.argv.slice(2));
// A failed write can have set it already.
process.exitCode ??= exitCode;

async function main(argv: readonly string[]): Promise<number> {
  const { stdout, stderr } = process;
  using interrupts = new Interrupts();
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that closes the pipe early (`| head -1`) has what it needs.
    if (error.code === "EPIPE") return interrupts.quit(0);
    const lost = new Error(`The output couldn't be written: ${error.message}`, { cause: error });
    if (process.exitCode !== OUTPUT_LOST) stderr.write(wrapped(reportError(lost), stderr));
    process.exitCode = OUTPUT_LOST;
    interrupts.quit(OUTPUT_LOST);
  });
  stderr.on("error", () => {});
  try {
    if (argv[0] === "trace") {
      const trace = parseTraceArguments(argv.slice(1));
      if (trace !== "help") return showTrace(trace);
      stdout.write(helpText(stdout.columns));
      return 0;
    }
    if (argv[0] === "inspect") {
      const inspected = parseInspectArguments(argv.slice(1));
      if (inspected !== "help") {
        // What only this command needs isn't loaded for others.
        const { inspect } = await import("./inspect-command.ts");
        return await inspect(inspected, interrupts);
      }
      stdout.write(helpText(stdout.columns));
      return 0;
    }
    const args = parseArguments(argv);
    if (args === "help") stdout.write(helpText(stdout.columns));
    else if (args === "version") stdout.write(`${version}\n`);
    else return await runTurn(args, interrupts);
    return 0;
  } catch (error) {
    const reason: unknown = interrupts.signal.aborted ? interrupts.signal.reason : error;
    const exitCode = exitCodeOf(reason);
    if (exitCode !== 0 && asksForJson(argv)) stdout.write(errorRecord(reason));
    if (!(reason instanceof Quit)) stderr.write(wrapped(reportError(reason), stderr));
    return exitCode;
  }
}

function exitCodeOf(reason: unknown): number {
  if (reason instanceof Quit) return reason.exitCode;
  return reason instanceof UsageError ? 2 : 1;
}
