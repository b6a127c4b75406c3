/** What is used of the official client, which ships no types. */
declare module '@taskcluster/client' {
  interface ClientOptions {
    rootUrl: string;
    /** Empty for anonymous calls; left out, the client would take them from the environment. */
    credentials: { clientId?: string; accessToken?: string; certificate?: Record<string, unknown> };
    authorizedScopes?: string[];
    /** Milliseconds for one request, its answer's body included. */
    timeout: number;
    retries: number;
    agent: { keepAlive: boolean; maxSockets: number };
  }

  type Client = Record<string, (...args: unknown[]) => Promise<unknown>>;

  export const clients: Record<'Queue' | 'WorkerManager', new (options: ClientOptions) => Client>;
}
