import { type Shown, show } from "./text.ts";

/** What --help prints; no line is longer than 80 characters. */
export const help: Shown = show`Usage: codex-app-server [OPTIONS] [PROMPT]
       npm start -- [OPTIONS] [PROMPT]

Runs one turn of the Codex agent and shows what the agent does.

Arguments:
  PROMPT  What the agent should do, as one argument. Without it, or with "-",
          it is read from stdin. If there is a prompt, piped input is appended
          to it as a <stdin> block:
            git diff | codex-app-server "Review these changes"

Options:
  -m, --model MODEL        Model to use; default: that of your configuration
  -C, --cd DIR             Working directory; default: the current one
  -s, --sandbox MODE       What commands may do without approval: read-only,
                           workspace-write or danger-full-access
  -a, --ask-for-approval POLICY
                           When the agent asks for approval: untrusted,
                           on-request or never
  -c, --config KEY=VALUE   Override a setting of config.toml; the value is TOML,
                           or else a plain string. Repeatable:
                             -c model_reasoning_effort=high
                             -c 'mcp_servers.docs.command="docs-server"'
  -i, --image FILE         Attach a PNG, JPEG, GIF or WebP image; repeatable
      --resume ID          Continue the thread with this id, which is shown at
                           the end of each turn
      --last               Continue the newest thread of the working directory
      --output-schema FILE
                           Require an answer that matches this JSON Schema
  -o, --output-last-message FILE
                           Also write the answer to this file; it is left empty
                           if the turn fails
      --json               Print notifications instead of text, as JSON Lines
      --scripted           Take the replies from a built-in script instead of a
                           model; everything else is real
  -h, --help               Print this help
  -V, --version            Print the version

Output:
  The agent's messages go to stdout, everything else to stderr: commands and
  their output, changes, approvals, errors, tokens, time, the thread's id.

  With --json, each line of stdout is a notification of the app-server:
    {"method":"turn/started","params":{"threadId":"...",...}}
  If the exit code isn't 0, the last line is an error:
    {"type":"error","code":"...","message":"..."}

  NO_COLOR and FORCE_COLOR turn colours off and on.

Approvals:
  If stdin and stderr are a terminal, you are asked; otherwise requests are
  declined. A question shows the complete request, page by page if it is long,
  with invisible characters escaped (\\r, \\x1b, \\u{200b}), and offers the answers
  that the server allows. Only the lines of questions start with "┃". Keys that
  were typed before a question appeared are ignored.

  Ctrl-C interrupts the turn, a second Ctrl-C quits.

Models:
  The model is that of your Codex login ("npx @openai/codex login"), or of the
  provider in your Codex configuration. Without either, the API key in
  CODEX_API_KEY or OPENAI_API_KEY is used; it isn't stored. Without any of these
  the command fails, except on a terminal, where the replies are scripted and a
  notice says so.

Exit codes:
  0    The turn completed
  1    The turn failed, or couldn't be started
  2    The command line is wrong, or names a file or thread that can't be
       used
  130  Interrupted with Ctrl-C (129: SIGHUP, 143: SIGTERM)
`;
