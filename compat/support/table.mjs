import { pinned } from "./servers.mjs";

/** A row for each behaviour, a column for each version, and footnotes below. */
export function markdownTable(versions, behaviours, outcomes) {
  const notes = [];
  const mark = (text) => {
    if (!notes.includes(text)) notes.push(text);
    return `<sup>${notes.indexOf(text) + 1}</sup>`;
  };
  const cell = ({ verdict, says }) => [verdict, ...says.map(mark)].join(" ");
  const rows = behaviours.map((behaviour) =>
    line([behaviour.what, ...versions.map((version) => cell(outcomes.get(behaviour)[version]))]),
  );
  const table = head("behaviour", versions);
  const footnotes = notes.map((text, index) => `${index + 1}. ${text}`);
  return [...table, ...rows, ...(notes.length > 0 ? ["", ...footnotes] : [])].join("\n");
}

/** How many behaviours work on each version, and which don't work on all of them. */
export function summaryTable(versions, behaviours, outcomes) {
  const verdicts = (behaviour) =>
    versions.map((version) => outcomes.get(behaviour)[version].verdict);
  const counts = versions.map((_, column) => {
    const working = behaviours.filter((behaviour) => verdicts(behaviour)[column] === "yes");
    return `${working.length} of ${behaviours.length}`;
  });
  const lacking = behaviours.filter((behaviour) => verdicts(behaviour).includes("no"));
  return [
    ...head("", versions),
    line(["behaviours that work, tested on the real server", ...counts]),
    ...lacking.map((behaviour) => line([behaviour.what, ...verdicts(behaviour)])),
  ].join("\n");
}

function head(title, versions) {
  const names = versions.map((version) => (version === pinned ? `${version} (pinned)` : version));
  return [line([title, ...names]), line(["---", ...versions.map(() => "---")])];
}

function line(cells) {
  return `| ${cells.join(" | ")} |`;
}
