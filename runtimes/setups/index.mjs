import { bundles } from "./bundles.mjs";
import { engines } from "./engines.mjs";
import { frameworks } from "./frameworks.mjs";
import { modules } from "./modules.mjs";

/**
 * @typedef {object} Setup
 * @property {string} name
 * @property {(stage: Stage) => Promise<Program>} prepare Makes the program that runs the suite.
 * @property {string} [note] What the program needs, for a footnote.
 * @property {Record<string, Lack>} [lacks] By behaviour: why it can't work.
 * @property {Lack} [fails] Why nothing can work.
 *
 * @typedef {object} Lack
 * @property {string} says For the footnote.
 * @property {RegExp} error The error that says so.
 *
 * @typedef {import("../support/stage.mjs").Stage} Stage
 * @typedef {{ command: string[], cwd: string, env?: NodeJS.ProcessEnv }} Program
 *
 * @type {{ title: string, setups: Setup[] }[]}
 */
export const chapters = [
  { title: "Runtimes", setups: engines },
  { title: "Module systems, package managers and layouts", setups: modules },
  { title: "Bundles", setups: bundles },
  { title: "Frameworks and test runners", setups: frameworks },
];
