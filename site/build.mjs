// Builds the site into site/.vitepress/dist and checks its links; with --dev, serves it while you write.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { takeScreenshots } from "./screenshots.mjs";

const site = import.meta.dirname;
const dev = process.argv.includes("--dev");

if (!existsSync(path.join(site, "node_modules/.package-lock.json"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: site,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
run("../scripts/generate-protocol.mjs");
run("reference.mjs");
if (!dev) takeScreenshots();
run("node_modules/vitepress/bin/vitepress.js", dev ? "dev" : "build", ".");
if (!dev) run("check-links.mjs");

function run(script, ...args) {
  execFileSync(process.execPath, [path.join(site, script), ...args], {
    cwd: site,
    stdio: "inherit",
  });
}
