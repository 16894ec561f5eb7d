import { once } from "node:events";
import { Inspector } from "../inspect/inspector.ts";
import { readLines } from "../trace/read-trace.ts";
import { messageOf } from "../util/describe.ts";
import type { InspectArguments } from "./inspect-arguments.ts";
import type { Interrupts } from "./interrupts.ts";
import { outputLine, show } from "./text.ts";
import { UsageError } from "./usage-error.ts";

/** Serves the inspector's page until the command is interrupted; resolves with the exit code. */
export async function inspect(args: InspectArguments, interrupts: Interrupts): Promise<number> {
  const { file, port } = args;
  if (file === undefined) throw new UsageError("inspect: name the file of a trace");
  checkTrace(file);
  await using inspector = await Inspector.start({
    source: { kind: "trace", file },
    ...{ port, keepAlive: true },
  });
  process.stdout.write(show`Open ${outputLine(inspector.newLink())}\n`);
  process.stderr.write("Ctrl-C ends the inspector.\n");
  const { signal } = interrupts;
  if (!signal.aborted) await once(signal, "abort");
  return 0;
}

function checkTrace(file: string): void {
  try {
    readLines(file);
  } catch (error) {
    throw new UsageError(`inspect: ${messageOf(error)}`);
  }
}
