import type { Share } from "../../src/traffic/waterfall.ts";
import { duration, percent } from "../ui/format.ts";

const REASONS: Readonly<Record<Share["activity"], string>> = {
  model: "was spent by the model",
  commands: "was spent running commands",
  fileChanges: "was spent changing files",
  tools: "was spent in tools",
  webSearch: "was spent searching the web",
  agents: "was spent waiting for sub-agents",
  hooks: "was spent in hooks",
  compaction: "was spent compacting the history",
  retries: "was lost to retries",
  waiting: "was spent waiting for an answer",
};

/** Why a turn took so long, in a sentence. */
export function verdictOf(shares: readonly Share[], firstTextMs: number | undefined): string {
  const total = shares.reduce((sum, { ms }) => sum + ms, 0);
  const [most] = shares;
  if (!most || total === 0) return "";
  const { activity, ms, longest } = most;
  const main = `${percent(ms / total)} of ${duration(total)} ${REASONS[activity]}`;
  if (activity === "model") {
    const first =
      firstTextMs === undefined ? "" : `; its first text came after ${duration(firstTextMs)}`;
    return `${main}${first}.`;
  }
  if (!longest) return `${main}.`;
  return longest.ms < ms * 0.98
    ? `${main}. The longest took ${duration(longest.ms)}: ${longest.label}.`
    : `${main}: ${longest.label}.`;
}
