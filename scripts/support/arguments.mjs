import { parseArgs } from "node:util";

/** Parses the arguments of a script. Prints `help` for `--help`; ends the process for a wrong argument. */
export function readArguments(help, { options, allowPositionals = false }) {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals,
      options: { ...options, help: { type: "boolean", default: false } },
    });
    if (!values.help) return { values, positionals };
  } catch (error) {
    // parseArgs adds advice for rare cases after its first sentence.
    console.error(`${error.message.split(". ")[0]}. See --help.`);
    process.exit(1);
  }
  console.log(help);
  process.exit();
}
