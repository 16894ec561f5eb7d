import type { ThreadStartOptions } from "../client/thread-options.ts";
import { isRecord } from "../util/describe.ts";

type Settings = Pick<ThreadStartOptions, "model" | "cwd" | "sandbox" | "approvalPolicy">;

/** The settings of a new thread that the page has a field for; the others stay as configured. */
export function threadSettings(asked: unknown): Settings {
  const given = isRecord(asked) ? asked : {};
  const names = ["model", "cwd", "sandbox", "approvalPolicy"] as const;
  const set = names.filter((name) => typeof given[name] === "string" && given[name] !== "");
  // The server checks the values.
  return Object.fromEntries(set.map((name) => [name, given[name]])) as Settings;
}
