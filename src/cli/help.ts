import { join, type Shown, show } from "./text.ts";

/** A term with its meaning, a line of code, or a paragraph. */
type Entry = readonly [term: Shown, meaning: Shown] | { readonly code: Shown } | Shown;

const MAX_WIDTH = 80;
/** Where the meanings of short terms and of options start. */
const COLUMNS = [10, 28] as const;
/** On narrower screens, the meaning of an option is on the line below it. */
const MIN_WIDTH = 64;
const NARROW_COLUMN = 6;

const SECTIONS: readonly (readonly [title: Shown, entries: readonly Entry[]])[] = [
  [
    show`Arguments`,
    [
      [
        show`PROMPT`,
        show`What the agent should do, as one argument. If it is missing or "-", the prompt is read from stdin; otherwise, piped input is appended to the prompt as a <stdin> block:`,
      ],
      { code: show`  git diff | codex-app-server "Review these changes"` },
    ],
  ],
  [
    show`Options`,
    [
      [show`-m, --model MODEL`, show`Model to use; default: the one in your configuration`],
      [show`-C, --cd DIR`, show`Working directory; default: the current one`],
      [
        show`-s, --sandbox MODE`,
        show`What commands may do without approval: read-only, workspace-write or danger-full-access`,
      ],
      [
        show`-a, --ask-for-approval POLICY`,
        show`When the agent asks for approval: untrusted, on-request or never`,
      ],
      [
        show`-c, --config KEY=VALUE`,
        show`Override a setting of config.toml, such as model_reasoning_effort=high. A value that isn't valid TOML is used as a plain string; repeatable`,
      ],
      [show`-i, --image FILE`, show`Attach a PNG, JPEG, GIF or WebP image; repeatable`],
      [
        show`    --resume ID`,
        show`Continue the thread with this id, which is shown when a turn ends`,
      ],
      [show`    --last`, show`Continue the newest thread of the working directory`],
      [show`    --output-schema FILE`, show`Require an answer that matches this JSON Schema`],
      [
        show`-o, --output-last-message FILE`,
        show`Also write the answer to this file; it is left empty if the turn fails`,
      ],
      [
        show`    --trace PATH`,
        show`Write every message to this file, or to a new file in this folder, with secrets masked`,
      ],
      [show`    --json`, show`Print notifications as JSON Lines instead of text`],
      [
        show`    --scripted`,
        show`Take the replies from a built-in script instead of a model; everything else is real`,
      ],
      [show`-h, --help`, show`Print this help`],
      [show`-V, --version`, show`Print the version`],
    ],
  ],
  [
    show`Output`,
    [
      show`The agent's messages go to stdout, everything else to stderr: commands and their output, changes, approvals, errors, tokens, time, and the thread's id.`,
      show`With --json, each line of stdout is a notification from the app-server. If the exit code isn't 0, the last line is an error:`,
      { code: show`{"method":"…","params":{…}}` },
      { code: show`{"type":"error","code":"…","message":"…"}` },
      show`NO_COLOR and FORCE_COLOR turn colours off and on.`,
    ],
  ],
  [
    show`Approvals`,
    [
      show`If stdin and stderr are a terminal, you are asked; otherwise requests are declined. A question shows the complete request, page by page if it is long, with invisible characters escaped (\\r, \\x1b, \\u{200b}), and offers the answers that the server allows. Only lines that belong to a question start with "┃". Keys that were typed before a question appeared are ignored.`,
      show`Ctrl-C interrupts the turn; a second Ctrl-C quits.`,
    ],
  ],
  [
    show`Models`,
    [
      show`The model comes from your Codex login ("npx @openai/codex login"), or from the provider in your Codex configuration. Without either, the API key in CODEX_API_KEY or OPENAI_API_KEY is used; it isn't stored. Without any of these the command fails, except on a terminal, where the replies are scripted and a notice says so.`,
    ],
  ],
  [
    show`Traces`,
    [
      show`Shows a file that --trace wrote: turns, where their time went, tokens and errors. --timeline shows what happened, as text. --grep shows the messages that match a regular expression, ignoring case:`,
      { code: show`  codex-app-server trace FILE [--timeline | --grep REGEX]` },
    ],
  ],
  [
    show`Inspector`,
    [
      show`Serves a page on this machine that shows threads, where each turn spent its time, and the traffic. You can answer approvals there, and start and stop turns. The command prints a link, which can be opened once:`,
      {
        code: show`  codex-app-server inspect [-C DIR] [-c KEY=VALUE] [--scripted] [--trace PATH]`,
      },
      { code: show`  codex-app-server inspect --connect ADDRESS` },
      { code: show`  codex-app-server inspect --fleet ADDRESS [--name NAME]` },
      { code: show`  codex-app-server inspect FILE` },
      show`The first form starts its own server. ADDRESS is the address of a shared server, such as ws://127.0.0.1:4500 or unix:///path/to.sock; its token is read from CODEX_APP_SERVER_TOKEN. With --fleet, it is the address of a fleet's Redis, such as redis://127.0.0.1:6379; its password and the fleet's encryption key are read from CODEX_FLEET_PASSWORD and CODEX_FLEET_KEY. FILE is a trace. --port N sets the port.`,
    ],
  ],
  [
    show`Exit codes`,
    [
      [show`0`, show`The turn completed`],
      [show`1`, show`The turn failed, or couldn't be started`],
      [show`2`, show`An argument is invalid, or names a file or thread that can't be used`],
      [show`130`, show`Interrupted with Ctrl-C (129: SIGHUP, 143: SIGTERM)`],
    ],
  ],
];

/** The output of --help, for a screen with this many columns. */
export function helpText(columns: number = MAX_WIDTH): Shown {
  const width = Math.min(columns, MAX_WIDTH);
  const sections = SECTIONS.map(
    ([title, entries]) => show`${title}:\n${entriesText(entries, width)}`,
  );
  return join(
    [
      show`Usage: codex-app-server [OPTIONS] [PROMPT]\n       npm start -- [OPTIONS] [PROMPT]\n`,
      fill(show`Runs one turn of the Codex agent and shows what the agent does.`, 0, width),
      ...sections,
    ],
    "\n",
  );
}

function entriesText(entries: readonly Entry[], width: number): Shown {
  const column = columnFor(entries, width);
  const texts = entries.map((entry, index) => {
    if (typeof entry === "string")
      return show`${index > 0 ? show`\n` : show``}${fill(entry, 2, width)}`;
    return "code" in entry ? fill(entry.code, 4, width) : termText(entry, column, width);
  });
  return join(texts);
}

function columnFor(entries: readonly Entry[], width: number): number {
  const [short, long] = COLUMNS;
  const terms = entries.filter((entry) => Array.isArray(entry));
  if (terms.every(([term]) => term.length + 4 <= short)) return short;
  return width < MIN_WIDTH ? NARROW_COLUMN : long;
}

function termText([term, meaning]: readonly [Shown, Shown], column: number, width: number): Shown {
  const text = fill(meaning, column, width);
  const head = show`  ${column === NARROW_COLUMN ? (term.trimStart() as Shown) : term}`;
  return head.length + 2 <= column
    ? show`${head}${text.slice(head.length) as Shown}`
    : show`${head}\n${text}`;
}

/** Lines of a paragraph, indented. */
function fill(text: Shown, indent: number, width: number): Shown {
  const before = " ".repeat(indent);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const isFull = line !== "" && indent + line.length + 1 + word.length > width;
    if (isFull) lines.push(line);
    line = line === "" || isFull ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${before}${one}\n`).join("") as Shown;
}
