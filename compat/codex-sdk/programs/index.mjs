import { aborts } from "./aborts.mjs";
import { answers } from "./answers.mjs";
import { failures } from "./failures.mjs";
import { invalid } from "./invalid.mjs";
import { items } from "./items.mjs";
import { options } from "./options.mjs";
import { threads } from "./threads.mjs";

/**
 * The programs that run with both SDKs. `config` goes into the config.toml, `differs` declares the
 * intended differences: where, and why. The requests of `unordered` programs aren't compared,
 * because their order is random.
 */
export const programs = [
  ...answers,
  ...items,
  ...options,
  ...threads,
  ...aborts,
  ...failures,
  ...invalid,
];
