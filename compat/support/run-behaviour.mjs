import { Stage } from "./stage.mjs";

const LIMIT_MS = 30_000;

/** Runs a behaviour on a version: "yes", "no" if its fact was confirmed, otherwise "FAILED". */
export async function runOn(version, program, behaviour) {
  const lack = behaviour.lacks?.[version];
  const note = behaviour.notes?.[version];
  try {
    if (lack === undefined) await onStage(version, program, behaviour.run);
    for (const fact of [lack, note]) if (fact) await onStage(version, program, fact.shown);
    return { verdict: lack ? "no" : "yes", says: [lack, note].flatMap((fact) => fact?.says ?? []) };
  } catch (error) {
    return { verdict: "FAILED", says: [], error };
  }
}

async function onStage(version, program, run) {
  const stage = new Stage(version, program);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    await Promise.race([run(stage), late]);
  } finally {
    clearTimeout(timer);
    await stage[Symbol.asyncDispose]();
  }
}
