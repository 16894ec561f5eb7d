/** A table for each chapter: a row per setup, a column per behaviour, and one list of footnotes. */
export function markdownTables(chapters, behaviours, verdictsOf) {
  const notes = [];
  const mark = (text) => {
    if (text === undefined) return "";
    if (!notes.includes(text)) notes.push(text);
    return ` <sup>${notes.indexOf(text) + 1}</sup>`;
  };
  const tables = chapters.map(({ title, setups }) => {
    const rows = setups.map((setup) => {
      const verdicts = verdictsOf(setup);
      const cells = behaviours.map((name) => {
        const lack = verdicts[name] === "no" ? (setup.fails ?? setup.lacks[name]) : undefined;
        return `${verdicts[name]}${mark(lack?.says)}`;
      });
      return line([`${setup.name}${mark(setup.note)}`, ...cells]);
    });
    const head = [line(["", ...behaviours]), line(["---", ...behaviours.map(() => "---")])];
    return [`## ${title}`, "", ...head, ...rows, ""].join("\n");
  });
  return [...tables, ...notes.map((text, index) => `${index + 1}. ${text}`)].join("\n").trimEnd();
}

/** A row per version of TypeScript, a column per way to compile. */
export function typesTable(versions, columns, verdictsOf) {
  const rows = versions.map((version) =>
    line([`TypeScript ${version}`, ...columns.map((name) => verdictsOf(version)[name])]),
  );
  const head = [line(["", ...columns]), line(["---", ...columns.map(() => "---")])];
  return ["## Types, with `skipLibCheck: false`", "", ...head, ...rows].join("\n");
}

function line(cells) {
  return `| ${cells.join(" | ")} |`;
}
