import { M as spawnAppServer, T as serverCommand, o as webSocketEndpoint, s as withErrorListener } from "./codex-_cu9Lv9r.js";
import { f as LAUNCH_CHECKS, m as messageBytes } from "./options-DLYssPXW.js";
import { d as nonEmpty, h as requireOptions } from "./checks-CUlVF2ON.js";
import { Duplex } from "node:stream";
// src/transport/proxy.ts
const { config: _, configOverrides: __, ...LAUNCH } = LAUNCH_CHECKS;
const CHECKS = {
	sock: nonEmpty,
	...LAUNCH,
	maxMessageBytes: messageBytes
};
function proxy(options = {}) {
	requireOptions("proxy", options, CHECKS);
	const { sock, cwd } = options;
	return webSocketEndpoint(`proxy ${sock ?? "to the default socket"}`, {
		url: "ws://localhost/",
		maxMessageBytes: options.maxMessageBytes,
		async carrier() {
			const args = [
				"app-server",
				"proxy",
				...sock === void 0 ? [] : ["--sock", sock]
			];
			const { codexBin, env } = options;
			const server = await spawnAppServer({
				...serverCommand({
					codexBin,
					env
				}, args),
				cwd
			});
			const pipes = {
				readable: server.stdout,
				writable: server.stdin
			};
			const stream = withErrorListener(Duplex.from(pipes));
			return {
				stream,
				async close() {
					stream.destroy();
					await server.terminate();
				}
			};
		},
		recipe: {
			maker: "proxy",
			args: [options]
		}
	});
}
export { proxy as t };

//# sourceMappingURL=proxy-BBTaUVKi.js.map