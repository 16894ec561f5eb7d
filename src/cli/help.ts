/** What --help prints. */
export const help = `Usage: codex-app-server [options] [prompt]
       npm start -- [options] [prompt]

Has the Codex agent work on the prompt, in one turn, and shows what it does.
The prompt is read from stdin when it is "-", or when there is none and stdin is a pipe.

Options:
  -m, --model NAME              the model; default: that of your Codex configuration
  -C, --cwd DIR                 where the agent works; default: the current directory
  -s, --sandbox MODE            what commands may do without asking:
                                read-only, workspace-write or danger-full-access
  -a, --approval-policy POLICY  when the agent asks for approval: untrusted, on-request or never
  -i, --image FILE              an image to go with the prompt; may be repeated
      --resume ID               go on with the thread of this id
      --json                    print the turn's notifications instead, one a line
  -h, --help                    print this
      --version                 print the version

The assistant's words (with --json the notifications) go to stdout; all else goes to stderr:
commands and their output, changes, plans, approvals, notices, errors, tokens and time.
So "codex-app-server PROMPT > FILE" keeps the answer alone.

Approvals are asked on a terminal and declined where there is none. A question shows the whole
request, page by page if it is long, with hidden characters escaped (\\r, \\x1b, \\u{200b}), and offers
the answers that the server allows. Its lines start with "┃", which nothing else does. What is typed
before a question appears doesn't answer it. Ctrl-C interrupts the turn; a second one quits.

The model is reached with your Codex login ("npx codex login"), or the provider that your Codex
configuration names. Without either the API key in CODEX_API_KEY or OPENAI_API_KEY is used, and
stored nowhere. Without any of these the replies are scripted, to show how it works.

Exit codes: 0 completed, 1 failed, 2 wrong usage, 130 interrupted.
Colours follow NO_COLOR and FORCE_COLOR.
`;
