export { type InstrumentOptions, instrument } from "./instrument.cjs";
//# sourceMappingURL=index.d.ts.map