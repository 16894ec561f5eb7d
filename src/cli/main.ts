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

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const { stdout, stderr } = process;
  using interrupts = new Interrupts();
  // A reader that closes the pipe early (`| head -1`) ends the command.
  stdout.on("error", () => interrupts.quit(0));
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
