// One program for both SDKs: only the import differs. Runs a number of threads at once, each with a
// number of turns.
const { module, threads, turns, env, cwd, codexPathOverride } = JSON.parse(process.argv[2]);
const { Codex } = await import(module);

const codex = new Codex({ codexPathOverride, env });
const options = { workingDirectory: cwd, skipGitRepoCheck: true };
await Promise.all(
  Array.from({ length: threads }, async () => {
    const thread = codex.startThread(options);
    for (let turn = 0; turn < turns; turn++) await thread.run("Have a look at it.");
  }),
);
