import { RemoteIterator } from "./remote-iterator.ts";
import { RemoteObject } from "./remote-object.ts";

type AnyFunction = (...args: never[]) => unknown;

interface Options {
  /** The path of the object in `remote`, such as "account."; default: `remote` itself. */
  readonly path?: string;
  /** Wraps a listener, so that an exception in it doesn't fail a call. */
  readonly guard?: (what: string, listener: (value: never) => void) => AnyFunction;
}

/**
 * Represents an object of the worker. Each of its members is a function here, which blocks until
 * the worker's function has returned or its promise has settled. Members of `fields` are plain
 * values.
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

/**
 * A function of the worker that also has functions as members, such as those in
 * `api.thread.goal.set`.
 */
export function blockingFunctions(remote: RemoteObject, path: string): object {
  return new Proxy(blockingFunction(remote, path), {
    get: (_target, name) =>
      isPlain(name) ? undefined : blockingFunctions(remote, `${path}.${name}`),
  });
}

/** Whether the name is never a member of the worker: `await`, for example, checks every value for `then`. */
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
