import { CHECK_LIMIT_MS, TookTooLong, withinTime } from "../input/time-limit.ts";
import { toText } from "../timeline/index.ts";
import type { TraceEntry } from "../trace/format.ts";
import { readTrace, type Trace } from "../trace/read-trace.ts";
import { messageOf } from "../util/describe.ts";
import { takesColours } from "./colours.ts";
import { coloured, exactJson, exactLine, outputText, plain, type Shown, show } from "./text.ts";
import type { TraceArguments } from "./trace-arguments.ts";
import { summaryOf } from "./trace-summary.ts";
import { timelinesOf } from "./trace-timelines.ts";
import { UsageError } from "./usage-error.ts";
import { wrapped } from "./word-wrap.ts";

/** Shows a trace on stdout; resolves with the exit code, which is 1 if nothing matches. */
export function showTrace(args: TraceArguments): number {
  const { stdout, env } = process;
  const paint = takesColours(stdout, env) ? coloured : plain;
  const trace = traceIn(args.file);
  if (args.show === "summary") {
    stdout.write(wrapped(summaryOf(trace, paint), stdout));
  } else if (args.show === "timeline") {
    for (const { snapshot } of timelinesOf(trace.entries))
      stdout.write(outputText(toText(snapshot)));
  } else {
    const lines = matching(trace, args.show.grep);
    for (const line of lines) stdout.write(line);
    return lines.length === 0 ? 1 : 0;
  }
  return 0;
}

function traceIn(file: string): Trace {
  try {
    return readTrace(file);
  } catch (error) {
    throw new UsageError(`trace: ${messageOf(error)}`);
  }
}

function matching({ entries }: Trace, pattern: RegExp): Shown[] {
  return entries.flatMap((entry) => {
    const line = lineOf(entry);
    return fits(line, pattern)
      ? [show`${exactLine(entry.at.toFixed(3).padStart(12))} ${line}\n`]
      : [];
  });
}

/** Whether the line matches. Stops after a while, because some regular expressions take far too long on some texts. */
function fits(line: string, pattern: RegExp): boolean {
  try {
    return withinTime(CHECK_LIMIT_MS, () => pattern.test(line));
  } catch (error) {
    if (!(error instanceof TookTooLong)) throw error;
    throw new UsageError(`--grep: the expression ${error.message} on one message: simplify it`);
  }
}

function lineOf(entry: TraceEntry): Shown {
  if ("event" in entry) return show`* ${exactLine(entry.event)} ${exactJson(entry.details)}`;
  return show`${entry.direction === "send" ? show`→` : show`←`} ${exactJson(entry.message)}`;
}
