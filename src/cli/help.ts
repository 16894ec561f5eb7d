/** What --help prints. */
export const help = `Usage: codex-app-server [options] [prompt]
       npm start -- [options] [prompt]

Runs the prompt as one turn of the Codex agent, and shows what the agent does.
The prompt is read from stdin when it is "-", or when there is none and stdin is a pipe.

Options:
  -m, --model NAME              the model; default: from your Codex configuration
  -C, --cwd DIR                 where the agent works; default: the current directory
  -s, --sandbox MODE            what commands can do without approval:
                                read-only, workspace-write or danger-full-access
  -a, --approval-policy POLICY  when the agent asks for approval: untrusted, on-request or never
  -i, --image FILE              attaches an image to the prompt; can be repeated
      --resume ID               continues the thread with this id
      --json                    prints the turn's notifications instead, one per line
  -h, --help                    prints this help
      --version                 prints the version

The assistant's text (with --json the notifications) goes to stdout; everything else goes to
stderr: commands and their output, changes, plans, approvals, notices, errors, tokens and time.
So "codex-app-server PROMPT > FILE" writes only the answer to the file.

On a terminal you are asked for approvals; without one they are declined. A question shows the
complete request, page by page if it is long, with hidden characters escaped (\\r, \\x1b, \\u{200b}),
and offers the answers that the server allows. Only its lines start with "┃". Keys typed before a
question appears don't answer it. Ctrl-C interrupts the turn; a second Ctrl-C quits.

The model is that of your Codex login ("npx @openai/codex login") or of the provider in your Codex
configuration. Without either, the API key in CODEX_API_KEY or OPENAI_API_KEY is used, and stored
nowhere. Without any of these the replies are scripted, to show how it works.

Exit codes: 0 completed, 1 failed, 2 wrong usage, 130 interrupted.
Colours follow NO_COLOR and FORCE_COLOR.
`;
