import type { BoundedText, Entry } from "../../timeline/entries.ts";

/** A tool call, as an entry of the timeline shows it. */
export interface ToolCall {
  readonly name: string;
  /** Undefined until it is known. */
  readonly input: unknown;
  readonly output: unknown;
  /** Why the call failed, if it did. */
  readonly error: string | undefined;
  readonly media: readonly string[];
}

/** The entry as a tool call; undefined if it isn't one. */
export function toolCall(entry: Entry): ToolCall | undefined {
  const none = { error: undefined, media: [] };
  switch (entry.kind) {
    case "command": {
      const { command, cwd, exitCode, durationMs } = entry;
      const output = { output: textOf(entry.output), exitCode, durationMs };
      // A command that exits with an error has still run: its output is its result.
      const error =
        entry.state === "failed" && exitCode === null ? "The command could not be run" : undefined;
      return { ...none, name: "command", input: { command, cwd }, output, error };
    }
    case "fileChange": {
      const files = entry.files.map(({ path, kind, movedTo, diff }) => ({
        ...{ path, kind, movedTo, diff },
      }));
      const output = { added: entry.added, removed: entry.removed };
      const error = entry.state === "failed" ? "The changes could not be made" : undefined;
      return { ...none, name: "fileChange", input: { files }, output, error };
    }
    case "mcpCall": {
      const { text, content, structuredContent, durationMs } = entry;
      return {
        name: `${entry.server}.${entry.tool}`,
        input: entry.arguments,
        output: { text, content, structuredContent, durationMs },
        error: entry.state === "failed" ? (entry.error ?? failed(text)) : undefined,
        media: [],
      };
    }
    case "toolCall": {
      const { namespace, tool, text, media, durationMs } = entry;
      return {
        name: namespace === null ? tool : `${namespace}.${tool}`,
        input: entry.arguments,
        output: { text, durationMs },
        error: entry.state === "failed" ? failed(text) : undefined,
        media: media.filter((url) => MEDIA_URL.test(url)),
      };
    }
    case "webSearch": {
      const { action, query, queries, url, pattern } = entry;
      // The server names the query when the search has ended.
      const input =
        entry.state === "running" ? undefined : { action, query, queries, url, pattern };
      return { ...none, name: "webSearch", input, output: {} };
    }
    case "image": {
      const { path, prompt, data } = entry;
      const name = entry.action === "viewed" ? "viewImage" : "generateImage";
      const isKnown = entry.action === "viewed" || entry.state !== "running";
      return {
        name,
        input: isKnown ? { path, prompt } : undefined,
        output: { path },
        error: entry.state === "failed" ? "The image isn't available" : undefined,
        media: data === null ? [] : [`data:${imageType(data)};base64,${data}`],
      };
    }
    case "subAgent": {
      const { prompt, model, threadIds, agents } = entry;
      const error = entry.state === "failed" ? "The call failed" : undefined;
      const output = { threadIds, agents };
      return { ...none, name: entry.action, input: { prompt, model }, output, error };
    }
    default:
      return undefined;
  }
}

/** A front end can turn the address into a link, which must not run a script. */
const MEDIA_URL = /^(?:https?:\/\/|data:(?:image|audio)\/)/i;

function textOf({ head, omitted, tail }: BoundedText): string {
  return omitted === 0 ? head : `${head}\n… ${omitted} characters omitted …\n${tail}`;
}

function failed(text: string): string {
  return text === "" ? "The tool failed" : text;
}

/** How files of each image format begin in base64, for the formats that models generate. */
const IMAGE_TYPES: Readonly<Record<string, string>> = {
  "/9j/": "image/jpeg",
  UklG: "image/webp",
  R0lG: "image/gif",
};

function imageType(base64: string): string {
  return IMAGE_TYPES[base64.slice(0, 4)] ?? "image/png";
}
