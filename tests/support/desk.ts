import { PassThrough } from "node:stream";
import { askedApprovals, type Desk } from "../../src/cli/approvals.ts";
import { Output, type Sink } from "../../src/cli/output.ts";
import { askedQuestions } from "../../src/cli/questions.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import { plain } from "../../src/cli/text.ts";
import { Transcript } from "../../src/cli/transcript.ts";
import type { ThreadItem } from "../../src/index.ts";

type Asked = (params: unknown, context: object) => Promise<unknown>;

const METHODS: Readonly<Record<string, string>> = {
  command: "item/commandExecution/requestApproval",
  fileChange: "item/fileChange/requestApproval",
  permissions: "item/permissions/requestApproval",
  mcpTool: "mcpServer/elicitation/request",
};

export interface DeskOptions {
  readonly trustedReason?: string;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly quietMs?: number;
  /** Typed at the moment when a prompt appears. */
  readonly early?: string;
}

/**
 * A screen that can be read, and a user who types the next line as soon as a prompt accepts it;
 * without lines there is no terminal.
 */
export function openDesk(lines: readonly string[] | undefined, options: DeskOptions = {}) {
  const { trustedReason, isTTY = false, columns = 80, rows = 40, quietMs = 1, early } = options;
  const screen: Sink = Object.assign(new PassThrough(), { isTTY, columns, rows });
  const keyboard = new PassThrough();
  const { type, isPrompt } = typist(keyboard, lines ?? []);
  let shown = "";
  let interrupts = 0;
  screen.on("data", (chunk) => {
    shown += chunk;
    if (!isPrompt(String(chunk))) return;
    if (early !== undefined) keyboard.write(early);
  });
  const output = new Output(screen, screen, { spinner: false });
  const transcript = new Transcript("/project", plain);
  const onInterrupt = () => {
    interrupts++;
  };
  const desk: Desk = {
    terminal: lines && new Terminal({ input: keyboard, screen, output, onInterrupt, quietMs }),
    paint: plain,
    begin: (item) => transcript.begin(item),
    show: (pieces) => output.show(pieces),
  };
  const rules = askedApprovals(desk, trustedReason) as Readonly<Record<string, Asked>>;
  const signal = new AbortController();
  const ask = (kind: string, params: object, item?: ThreadItem) =>
    rules[kind]?.(params, { method: METHODS[kind], item, signal: signal.signal });
  const method = "item/tool/requestUserInput";
  const question = (params: object) =>
    (askedQuestions(desk) as Asked)(params, { method, signal: signal.signal });
  return {
    ask,
    question,
    signal,
    keyboard,
    type,
    resize: (size: { columns?: number; rows?: number }) => void Object.assign(screen, size),
    output,
    shown: () => shown,
    interrupts: () => interrupts,
  };
}

/** Types lines when they are accepted: after the time for which a prompt ignores keys. */
function typist(keyboard: PassThrough, lines: readonly string[]) {
  const queue = [...lines];
  let state: "idle" | "ignoring" | "taking" = "idle";
  const pump = () => {
    const line = state === "taking" ? queue.shift() : undefined;
    if (line === undefined) return;
    state = "idle";
    keyboard.write(`${line}\n`);
  };
  // Keys are ignored by a listener that removes itself; a reader follows it at once.
  const off = keyboard.off.bind(keyboard);
  keyboard.off = (event, listener) => {
    if (event === "end" && state === "ignoring") {
      setImmediate(() => {
        state = "taking";
        pump();
      });
    }
    return off(event, listener);
  };
  return {
    type: (...more: readonly string[]) => {
      queue.push(...more);
      pump();
    },
    isPrompt: (chunk: string) => {
      const isNew = state === "idle" && /: $/.test(chunk);
      if (isNew) state = "ignoring";
      return isNew;
    },
  };
}
