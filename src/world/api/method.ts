import type { World } from '../world.ts';

/** Scopes a call needs, as the official references write them, with every parameter filled in. */
export type ScopeExpression = string | { AllOf: ScopeExpression[] } | { AnyOf: ScopeExpression[] };

export interface Request {
  params: Record<string, string>;
  query: Record<string, string>;
  payload: unknown;
  /** Throws an `ApiError` where the caller lacks scopes. */
  authorize(required: ScopeExpression): void;
}

/** One method of a service. */
export interface Method {
  /** Names of the parameters in its path, in order. */
  params: string[];
  /** What the query may hold. */
  query?: Record<string, RegExp>;
  /** Where the path alone tells the scopes; then they come before any other check. The rest ask in `run`, or need none. */
  scopes?: (params: Record<string, string>) => ScopeExpression;
  /** Checks the payload and fills in its defaults, without touching the caller's. */
  input?: (payload: unknown, rootUrl: string) => unknown;
  /** The body of a 200. Throws an `ApiError` for anything else. */
  run: (world: World, request: Request) => unknown;
}

/** A parameter of the path, which `answer` has checked. */
export function param({ params }: Request, name: string): string {
  return params[name] ?? '';
}
