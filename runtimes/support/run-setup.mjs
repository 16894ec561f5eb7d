import { names, runProgram } from "./run-program.mjs";

/**
 * The result of a setup: a verdict for each behaviour ("yes", "no" if it fails as expected,
 * otherwise "FAILED"), and what failed.
 */
export async function runSetup(stage, setup, wanted = names) {
  let program;
  try {
    program = await setup.prepare(stage);
  } catch (error) {
    const verdicts = Object.fromEntries(wanted.map((name) => [name, "FAILED"]));
    return { verdicts, failures: [{ name: "preparation", stack: error.stack }] };
  }
  const outcomes = await runProgram(program, stage.codexHome, wanted);
  const verdicts = {};
  const failures = [];
  for (const name of wanted) {
    verdicts[name] = verdictOf(outcomes[name], setup.fails ?? setup.lacks?.[name]);
    if (verdicts[name] === "FAILED") failures.push({ name, ...outcomes[name] });
  }
  return { verdicts, failures };
}

function verdictOf({ passed, message }, lack) {
  if (lack === undefined) return passed ? "yes" : "FAILED";
  return !passed && lack.error.test(message) ? "no" : "FAILED";
}
