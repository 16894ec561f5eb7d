#!/usr/bin/env node
import { version } from "../index.ts";
import { parseArguments, UsageError } from "./arguments.ts";
import { help } from "./help.ts";
import { Interrupts, Quit } from "./interrupts.ts";
import { reportError } from "./report-error.ts";
import { runTurn } from "./run-turn.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  using interrupts = new Interrupts();
  // A reader that has seen enough (`| head -1`) ends the command; what it can't read goes nowhere.
  process.stdout.on("error", () => interrupts.quit(0));
  process.stderr.on("error", () => {});
  try {
    const args = parseArguments(argv);
    if (args === "help") process.stdout.write(help);
    else if (args === "version") process.stdout.write(`${version}\n`);
    else return await runTurn(args, interrupts);
    return 0;
  } catch (error) {
    const reason: unknown = interrupts.signal.aborted ? interrupts.signal.reason : error;
    if (reason instanceof Quit) return reason.exitCode;
    process.stderr.write(reportError(reason));
    return reason instanceof UsageError ? 2 : 1;
  }
}
