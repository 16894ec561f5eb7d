import type { Warn } from "../errors/warning.js";
import type { Notification } from "../rpc/messages.js";
import type { LogReader } from "../turn/log-reader.js";
/** Delivers every notification of the server to its subscribers. */
export declare class NotificationHub {
    #private;
    constructor(warn: Warn);
    /** Whether notifications of this method have a subscriber. */
    wants(method: string): boolean;
    on(method: string, listener: (params: unknown) => void): Disposable;
    /** All notifications from now on. */
    notifications(): LogReader;
    publish(notification: Notification): void;
    end(error?: Error): void;
}
//# sourceMappingURL=hub.d.ts.map