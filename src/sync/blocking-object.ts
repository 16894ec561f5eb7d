import { RemoteIterator } from "./remote-iterator.ts";
import { RemoteObject } from "./remote-object.ts";

type AnyFunction = (...args: never[]) => unknown;

interface Options {
  /** Where the object is below `remote`, such as "account."; default: it is `remote`. */
  readonly path?: string;
  /** Wraps a listener, so that what it throws fails no call. */
  readonly guard?: (what: string, listener: (value: never) => void) => AnyFunction;
}

/**
 * Stands for an object of the worker: each of its members is a function here, which blocks until
 * the worker's member has returned, or settled if it is a promise. Members of `fields` are plain.
 */
export function blockingObject(
  remote: RemoteObject,
  fields: Readonly<Record<string, string>>,
  { path = "", guard }: Options = {},
): object {
  return new Proxy(fields, {
    get: (_target, name) => {
      if (name === Symbol.dispose) return () => remote.release();
      if (isPlain(name) || Object.hasOwn(fields, name)) return Reflect.get(fields, name);
      return blockingFunction(remote, path + name, guard);
    },
  });
}

/** A function of the worker that has functions as members too, as `api.thread.goal.set`. */
export function blockingFunctions(remote: RemoteObject, path: string): object {
  return new Proxy(blockingFunction(remote, path), {
    get: (_target, name) =>
      isPlain(name) ? undefined : blockingFunctions(remote, `${path}.${name}`),
  });
}

/** Never a member of the worker: `await` asks every value for `then`. */
function isPlain(name: string | symbol): name is symbol {
  return typeof name === "symbol" || name === "then";
}

function blockingFunction(
  remote: RemoteObject,
  member: string,
  guard: Options["guard"] = (_what, listener) => listener,
): AnyFunction {
  const call = (...args: unknown[]): unknown => {
    const guarded = args.map((arg) =>
      typeof arg === "function" ? guard(member, arg as AnyFunction) : arg,
    );
    const result = remote.call(call, member, guarded);
    return result instanceof RemoteObject ? new Readable(result) : result;
  };
  return call;
}

/** An iterator or a subscription of the worker. */
class Readable extends RemoteIterator<unknown> implements Disposable {
  [Symbol.dispose](): void {
    this.return();
  }
}
