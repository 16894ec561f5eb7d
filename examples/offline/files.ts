import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

/** Writes the files that an example works on into its directory. */
export function writeFiles(example: string, folder: string): void {
  const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
  if (example === "batch") write("tasks.txt", "Finland\nNigeria\nUkraine\nVietnam\nGermany\n");
  if (example === "ci") write("README.md", "# A project\n");
  if (example === "review-bot") {
    const identity = ["-c", "user.name=Example", "-c", "user.email=example@example.com"];
    const git = (...args: string[]) => execFileSync("git", [...identity, ...args], { cwd: folder });
    const commit = (text: string) => {
      write("add.js", text);
      git("add", ".");
      git("commit", "--quiet", "--message=Change add.js");
    };
    git("init", "--quiet", "--initial-branch=main");
    commit("export function add(a, b) {\n  return a + b;\n}\n");
    git("switch", "--quiet", "--create", "change");
    commit("export function add(a, b) {\n  return a - b;\n}\n");
  }
}
