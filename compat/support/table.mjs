/** A row a behaviour, a column a version, and footnotes below. */
export function markdownTable(versions, behaviours, outcomes) {
  const notes = [];
  const mark = (text) => {
    if (!notes.includes(text)) notes.push(text);
    return `<sup>${notes.indexOf(text) + 1}</sup>`;
  };
  const cell = ({ verdict, says }) => [verdict, ...says.map(mark)].join(" ");
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rows = behaviours.map((behaviour) =>
    line([behaviour.what, ...versions.map((version) => cell(outcomes.get(behaviour)[version]))]),
  );
  const table = [line(["behaviour", ...versions]), line(["---", ...versions.map(() => "---")])];
  const footnotes = notes.map((text, index) => `${index + 1}. ${text}`);
  return [...table, ...rows, ...(notes.length > 0 ? ["", ...footnotes] : [])].join("\n");
}
