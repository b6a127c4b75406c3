import { kindOf, type RouteId, type Told } from '../evidence/delivery.ts';
import type { Channel } from '../ports.ts';
import type { ProcessFigures } from '../views/metrics/prober.ts';

const REASONS: Exclude<Told['as'], 'accepted'>[] = ['later', 'refused', 'unsure'];

/** Counts what this process does. Its counters begin with it, as Prometheus expects of a process that is scraped. */
export class Meter {
  readonly #calls = new Map<string, { method: string; status: string; count: number }>();
  readonly #notices = new Map<string, number>();
  readonly #failures = new Map<string, Record<(typeof REASONS)[number], number>>();

  /** One HTTP request to Taskcluster; status 0 where there was no answer. */
  readonly called = (service: string, method: string, status: number): void => {
    const labels = { method: `${service}.${method}`, status: status === 0 ? 'none' : String(status) };
    const key = `${labels.method} ${labels.status}`;
    this.#calls.set(key, { ...labels, count: (this.#calls.get(key)?.count ?? 0) + 1 });
  };

  /** The same channels, with all that they are told counted by their kind. */
  counting(channels: ReadonlyMap<RouteId, Channel>): Map<RouteId, Channel> {
    return new Map([...channels].map(([route, channel]) => [route, this.#counted(kindOf(route), channel)]));
  }

  get figures(): ProcessFigures {
    return {
      calls: [...this.#calls.values()],
      notices: [...this.#notices].map(([channel, count]) => ({ channel, count })),
      failures: [...this.#failures].flatMap(([channel, counts]) =>
        REASONS.map((reason) => ({ channel, reason, count: counts[reason] })),
      ),
    };
  }

  #counted(kind: string, channel: Channel): Channel {
    const failures = this.#failures.get(kind) ?? { later: 0, refused: 0, unsure: 0 };
    this.#failures.set(kind, failures);
    this.#notices.set(kind, this.#notices.get(kind) ?? 0);
    return {
      ...channel,
      tell: async (message, ref, doubt) => {
        const told = await channel.tell(message, ref, doubt);
        if (told.as === 'accepted') this.#notices.set(kind, (this.#notices.get(kind) ?? 0) + 1);
        else failures[told.as] += 1;
        return told;
      },
    };
  }
}
