/** The JSON types of the params that are options of a call, by method and member. */
export declare const PARAM_TYPES: {
    readonly "account/read": {
        readonly refreshToken: "boolean";
    };
    readonly "command/exec": {
        readonly command: "array";
        readonly processId: "null string";
        readonly tty: "boolean";
        readonly streamStdin: "boolean";
        readonly streamStdoutStderr: "boolean";
        readonly outputBytesCap: "null number";
        readonly disableOutputCap: "boolean";
        readonly disableTimeout: "boolean";
        readonly timeoutMs: "null number";
        readonly cwd: "null string";
        readonly env: "null object";
        readonly size: "null object";
        readonly sandboxPolicy: "null object";
        readonly permissionProfile: "null string";
    };
    readonly "config/batchWrite": {
        readonly edits: "array";
        readonly filePath: "null string";
        readonly expectedVersion: "null string";
        readonly reloadUserConfig: "boolean";
    };
    readonly "config/read": {
        readonly includeLayers: "boolean";
        readonly cwd: "null string";
    };
    readonly "fs/copy": {
        readonly sourcePath: "string";
        readonly destinationPath: "string";
        readonly recursive: "boolean";
    };
    readonly "fs/createDirectory": {
        readonly path: "string";
        readonly recursive: "boolean null";
    };
    readonly "fs/remove": {
        readonly path: "string";
        readonly recursive: "boolean null";
        readonly force: "boolean null";
    };
    readonly "mcpServer/oauth/login": {
        readonly name: "string";
        readonly threadId: "null string";
        readonly clientRegistration: "null string";
        readonly scopes: "array null";
        readonly timeoutSecs: "null number";
    };
    readonly "mcpServer/resource/read": {
        readonly _meta: "null object";
        readonly threadId: "null string";
        readonly originCallId: "null string";
        readonly server: "string";
        readonly uri: "string";
        readonly connectorId: "null string";
        readonly target: "null object";
    };
    readonly "mcpServerStatus/list": {
        readonly cursor: "null string";
        readonly limit: "null number";
        readonly detail: "null string";
        readonly threadId: "null string";
        readonly serverName: "null string";
    };
    readonly "model/list": {
        readonly modelProvider: "null string";
        readonly cursor: "null string";
        readonly limit: "null number";
        readonly includeHidden: "boolean null";
    };
    readonly "plugin/installed": {
        readonly cwds: "array null";
        readonly installSuggestionPluginNames: "array null";
    };
    readonly "plugin/list": {
        readonly cwds: "array null";
        readonly marketplaceKinds: "array null";
        readonly forceRefetch: "boolean";
    };
    readonly "skills/list": {
        readonly cwds: "array";
        readonly forceReload: "boolean";
    };
    readonly "thread/fork": {
        readonly threadId: "string";
        readonly experimentalPredictionMode: "boolean";
        readonly experimentalDisablePredictionMcp: "boolean";
        readonly lastTurnId: "null string";
        readonly beforeTurnId: "null string";
        readonly path: "null string";
        readonly model: "null string";
        readonly modelProvider: "null string";
        readonly serviceTier: "null string";
        readonly cwd: "null string";
        readonly runtimeWorkspaceRoots: "array null";
        readonly approvalPolicy: "null object string";
        readonly approvalsReviewer: "null string";
        readonly sandbox: "null string";
        readonly permissions: "null string";
        readonly config: "null object";
        readonly baseInstructions: "null string";
        readonly developerInstructions: "null string";
        readonly ephemeral: "boolean";
        readonly attachToSource: "boolean";
        readonly threadSource: "null string";
        readonly excludeTurns: "boolean";
        readonly deferGoalContinuation: "boolean";
    };
    readonly "thread/items/list": {
        readonly threadId: "string";
        readonly turnId: "null string";
        readonly cursor: "null object string";
        readonly limit: "null number";
        readonly sortDirection: "null string";
        readonly deferOutput: "null object";
    };
    readonly "thread/list": {
        readonly includeAttachedThreads: "boolean";
        readonly currentAccountOnly: "boolean";
        readonly cursor: "null string";
        readonly limit: "null number";
        readonly excludedThreadIds: "array null";
        readonly sortKey: "null string";
        readonly sortDirection: "null string";
        readonly modelProviders: "array null";
        readonly sourceKinds: "array null";
        readonly originators: "array null";
        readonly archived: "boolean null";
        readonly sectionId: "null string";
        readonly projectId: "null string";
        readonly cwd: "array null string";
        readonly useStateDbOnly: "boolean";
        readonly searchTerm: "null string";
        readonly parentThreadId: "null string";
        readonly ancestorThreadId: "null string";
        readonly attachedToThreadId: "null string";
    };
    readonly "thread/metadata/update": {
        readonly threadId: "string";
        readonly projectId: "null string";
        readonly gitInfo: "null object";
        readonly daybreakEnabled: "boolean null";
    };
    readonly "thread/resume": {
        readonly threadId: "string";
        readonly history: "array null";
        readonly path: "null string";
        readonly model: "null string";
        readonly modelProvider: "null string";
        readonly serviceTier: "null string";
        readonly cwd: "null string";
        readonly runtimeWorkspaceRoots: "array null";
        readonly approvalPolicy: "null object string";
        readonly approvalsReviewer: "null string";
        readonly sandbox: "null string";
        readonly permissions: "null string";
        readonly config: "null object";
        readonly baseInstructions: "null string";
        readonly developerInstructions: "null string";
        readonly personality: "null string";
        readonly excludeTurns: "boolean";
        readonly initialTurnsPage: "null object";
    };
    readonly "thread/search": {
        readonly includeAttachedThreads: "boolean";
        readonly currentAccountOnly: "boolean";
        readonly cursor: "null string";
        readonly limit: "null number";
        readonly sortKey: "null string";
        readonly sortDirection: "null string";
        readonly sourceKinds: "array null";
        readonly archived: "boolean null";
        readonly searchTerm: "string";
    };
    readonly "thread/settings/update": {
        readonly threadId: "string";
        readonly disabledPluginIds: "array null";
        readonly cwd: "null string";
        readonly environments: "array null";
        readonly approvalPolicy: "null object string";
        readonly approvalsReviewer: "null string";
        readonly sandboxPolicy: "null object";
        readonly permissions: "null string";
        readonly model: "null string";
        readonly serviceTier: "null string";
        readonly effort: "null string";
        readonly summary: "null string";
        readonly collaborationMode: "null object";
        readonly multiAgentMode: "null object string";
        readonly personality: "null string";
    };
    readonly "thread/start": {
        readonly model: "null string";
        readonly modelProvider: "null string";
        readonly allowProviderModelFallback: "boolean";
        readonly serviceTier: "null string";
        readonly cwd: "null string";
        readonly runtimeWorkspaceRoots: "array null";
        readonly approvalPolicy: "null object string";
        readonly approvalsReviewer: "null string";
        readonly sandbox: "null string";
        readonly permissions: "null string";
        readonly config: "null object";
        readonly serviceName: "null string";
        readonly baseInstructions: "null string";
        readonly developerInstructions: "null string";
        readonly personality: "null string";
        readonly multiAgentMode: "null object string";
        readonly ephemeral: "boolean null";
        readonly historyMode: "null string";
        readonly sessionStartSource: "null string";
        readonly threadSource: "null string";
        readonly projectId: "null string";
        readonly daybreakEnabled: "boolean null";
        readonly environments: "array null";
        readonly dynamicTools: "array null";
        readonly selectedCapabilityRoots: "array null";
        readonly mockExperimentalField: "null string";
        readonly experimentalRawEvents: "boolean";
    };
    readonly "thread/turns/list": {
        readonly threadId: "string";
        readonly cursor: "null string";
        readonly limit: "null number";
        readonly sortDirection: "null string";
        readonly itemsView: "null string";
    };
    readonly "turn/start": {
        readonly threadId: "string";
        readonly disabledPluginIds: "array null";
        readonly clientUserMessageId: "null string";
        readonly input: "array";
        readonly turnTrigger: "null string";
        readonly parentTurnId: "null string";
        readonly rootTurnId: "null string";
        readonly toolOutput: "null object";
        readonly responsesapiClientMetadata: "null object";
        readonly responsesapiClientMetadataPatch: "null object";
        readonly additionalContext: "null object";
        readonly environments: "array null";
        readonly cwd: "null string";
        readonly runtimeWorkspaceRoots: "array null";
        readonly approvalPolicy: "null object string";
        readonly approvalsReviewer: "null string";
        readonly sandboxPolicy: "null object";
        readonly permissions: "null string";
        readonly model: "null string";
        readonly serviceTier: "null string";
        readonly serviceTierForTurn: "null string";
        readonly effort: "null string";
        readonly summary: "null string";
        readonly personality: "null string";
        readonly outputSchema: "array boolean null number object string";
        readonly collaborationMode: "null object";
        readonly multiAgentMode: "null object string";
        readonly cyberAccessProgram: "null string";
    };
};
//# sourceMappingURL=members.d.ts.map