import type { Activity } from "../../src/traffic/waterfall.ts";

/** What each activity is called; its colour is the class of the same name. */
export const ACTIVITY_NAMES: Readonly<Record<Activity, string>> = {
  model: "Model",
  commands: "Commands",
  fileChanges: "File changes",
  tools: "Tools",
  webSearch: "Web search",
  agents: "Sub-agents",
  hooks: "Hooks",
  compaction: "Compaction",
  retries: "Retries",
  waiting: "Waiting for answers",
};
