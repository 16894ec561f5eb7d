/** Runs `use` with what `make` creates, one after another, and always closes all of it. */
export async function using(makers, use) {
  const made = [];
  try {
    for (const make of makers) made.push(await make());
    return await use(...made);
  } finally {
    for (const one of made.toReversed()) await (one.close?.() ?? one[Symbol.asyncDispose]());
  }
}
