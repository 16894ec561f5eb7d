/**
 * @typedef {object} Difference
 * @property {string} path Where: `requests[0].body.model`.
 * @property {unknown} theirs
 * @property {unknown} ours
 */

/** All places at which two values differ. */
export function differences(theirs, ours, path = "") {
  if (!isBranch(theirs) || !isBranch(ours) || Array.isArray(theirs) !== Array.isArray(ours)) {
    return Object.is(theirs, ours) ? [] : [{ path, theirs, ours }];
  }
  const keys = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
  return [...keys].flatMap((key) => {
    const place = Array.isArray(theirs) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    return differences(theirs[key], ours[key], place);
  });
}

function isBranch(value) {
  return typeof value === "object" && value !== null;
}

/**
 * Whether a difference is the declared one: by its path, and by `if` where the path isn't enough.
 */
export function isDeclared({ path, theirs, ours }, { where, if: holds = () => true }) {
  return where.test(path) && holds(theirs, ours);
}
