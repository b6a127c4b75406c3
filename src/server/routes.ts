import { jsonText } from '../views/json.ts';

/** What a path is answered with. */
export interface Page {
  status: number;
  /** The content type, with its character set. */
  type: string;
  body: string;
  /** Others than those that every answer has. */
  headers?: Record<string, string>;
}

/** What was asked for. */
export interface Asked {
  path: string;
  /** What follows in the path after the `*` of its route began, decoded; empty where the route is one path. */
  rest: string;
  query: URLSearchParams;
  /** The `Accept` header, empty where there was none. */
  accept: string;
}

/** Answers a GET or a HEAD; undefined where there is no such page after all. */
export type Route = (asked: Asked) => Page | undefined | Promise<Page | undefined>;

/** Pages by path, each path beginning with a slash. One that ends with `*` stands for all that begin with what is before it. */
export interface Routes {
  pages: Readonly<Record<string, Route>>;
  /** What is shown where there is no page; JSON by default. */
  missing?: (path: string) => Page;
}

/** The page of exactly that path, else of the longest beginning of it that has one. */
export function routeFor({ pages }: Routes, path: string): { route: Route; rest: string } | undefined {
  const exact = Object.hasOwn(pages, path) && !path.endsWith('*') ? pages[path] : undefined;
  if (exact !== undefined) return { route: exact, rest: '' };
  const [longest] = Object.keys(pages)
    .filter((key) => key.endsWith('*') && path.startsWith(key.slice(0, -1)) && path.length >= key.length)
    .sort((a, b) => b.length - a.length);
  const route = longest === undefined ? undefined : pages[longest];
  const rest = decoded(path.slice((longest?.length ?? 0) - 1));
  return route === undefined || rest === undefined ? undefined : { route, rest };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A page that is a JSON document. */
export function jsonPage(status: number, body: object): Page {
  return { status, type: 'application/json; charset=utf-8', body: jsonText(body) };
}

export function problem(status: number, error: string, more: object = {}): Page {
  return jsonPage(status, { error, ...more });
}
