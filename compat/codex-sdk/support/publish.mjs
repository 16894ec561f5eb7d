import { readFile, writeFile } from "node:fs/promises";

const page = new URL("../../../docs/compatibility-codex-sdk.md", import.meta.url);
const PLACE = /(?<=<!-- differences -->\n)[\s\S]*(?=<!-- \/differences -->)/;

/** Writes the tables into docs/compatibility-codex-sdk.md. */
export async function publish(programs, everywhere) {
  const text = await readFile(page, "utf8");
  if (!PLACE.test(text)) throw new Error(`${page.pathname} has no place for the tables`);
  const markdown = `\n${differencesTable(programs, everywhere)}\n\n${programsTable(programs)}\n\n`;
  await writeFile(
    page,
    text.replace(PLACE, () => markdown),
  );
}

function differencesTable(programs, everywhere) {
  const rows = [
    ...everywhere.map(({ says }) => ["all programs", says]),
    ...programs.flatMap(({ what, differs = [] }) => differs.map(({ says }) => [what, says])),
  ];
  return [
    "## What differs",
    "",
    "| program | difference |",
    "| --- | --- |",
    ...rows.map(([what, says]) => `| ${what} | ${says} |`),
  ].join("\n");
}

function programsTable(programs) {
  const lines = programs.map(
    ({ what, differs = [] }) =>
      `| ${what} | ${differs.length > 0 ? "as declared above" : "the same"} |`,
  );
  return [
    "## What was compared",
    "",
    `${programs.length} programs:`,
    "",
    "| program | events, results, errors and model requests |",
    "| --- | --- |",
    ...lines,
  ].join("\n");
}
