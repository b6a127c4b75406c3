export type Service = 'queue' | 'workerManager';

/** What came back. `status` 0 where nothing did: refused connection, unresolved name, timeout. */
export interface Reply {
  status: number;
  /** Parsed JSON; Taskcluster's errors carry `code` and `message`. With status 0, `{ code, message }` of the network's error. */
  body: unknown;
  /** The `Date` header in milliseconds, where there was one. */
  date?: number;
}

/**
 * One API call by its name in the official references, such as `('queue', 'status', [taskId])`. `httpCall` makes it over HTTP with the
 * official client; the simulated deployment answers it in process. Never rejects.
 */
export type Call = (
  service: Service,
  method: string,
  args: string[],
  more?: { payload?: unknown; query?: Record<string, string> },
) => Promise<Reply>;
