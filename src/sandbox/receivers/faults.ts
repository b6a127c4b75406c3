/** What a receiver answers over HTTP. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** `hang`: no answer ever. `reset`: the connection breaks instead. `stall`: a good status, half a body, then nothing. */
export type Silence = 'hang' | 'reset' | 'stall';

/** One way in which a single request goes wrong. */
export interface Fault {
  /** Strikes only requests of this kind: a method of Slack's, an event action of PagerDuty's. Default: any. */
  only?: string;
  /** Whether the request takes effect before the fault shows. */
  applied: boolean;
  answer: Silence | { status: number; headers?: Record<string, string>; body?: string };
}

/** The faults that lie ahead of a receiver; each strikes one request, in the order they were put in. */
export class Faults {
  readonly #ahead: Fault[] = [];

  put(...faults: Fault[]): void {
    this.#ahead.push(...faults);
  }

  /** Answers a request, with the first fault ahead that fits its kind. */
  meet(kind: string, apply: () => Answer): Answer | Silence {
    const at = this.#ahead.findIndex(({ only }) => only === undefined || only === kind);
    const [fault] = at < 0 ? [] : this.#ahead.splice(at, 1);
    if (fault === undefined) return apply();
    if (fault.applied) apply();
    const { answer } = fault;
    return typeof answer === 'string'
      ? answer
      : { status: answer.status, headers: answer.headers ?? {}, body: answer.body ?? '' };
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) };
}
