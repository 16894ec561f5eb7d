import { names, runProgram } from "./run-program.mjs";

/**
 * How a setup came out: a verdict for each behaviour, "yes", "no" when it fails as it is known to,
 * else "FAILED", and what failed.
 */
export async function runSetup(stage, setup, wanted = names) {
  let outcomes;
  try {
    const program = await setup.prepare(stage);
    outcomes = await runProgram(program, stage.codexHome, wanted);
  } catch (error) {
    outcomes = Object.fromEntries(wanted.map((name) => [name, { passed: false, ...of(error) }]));
  }
  const verdicts = {};
  const failures = [];
  for (const name of wanted) {
    const lack = setup.fails ?? setup.lacks?.[name];
    verdicts[name] = verdictOf(outcomes[name], lack);
    if (verdicts[name] === "FAILED") failures.push({ name, ...outcomes[name] });
  }
  return { verdicts, failures };
}

function verdictOf({ passed, message }, lack) {
  if (lack === undefined) return passed ? "yes" : "FAILED";
  return !passed && lack.error.test(message) ? "no" : "FAILED";
}

function of({ message, stack }) {
  return { message, stack };
}
