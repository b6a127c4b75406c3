import type { RouteId } from '../evidence/delivery.ts';
import type { Incident } from '../evidence/incident.ts';
import type { Channel } from '../ports.ts';
import type { ChannelKind } from './scenario.ts';

/** Something that a channel was led to show. */
export interface Notice {
  at: number;
  via: ChannelKind;
  /** Which channel of that kind. */
  to: RouteId;
  /** What it did: `posted`, `replied`, `updated`, `opened`, `resolved` and the like. */
  what: string;
  /** The incident as it was told. */
  incident: Incident;
  /** As a terminal can show it. */
  lines: string[];
}

/** What a channel has just shown of an incident. */
type Shown = Omit<Notice, 'at' | 'incident'> & { incident: string };

/** Keeps what channels were led to show, in order. */
export class Notices {
  readonly all: Notice[] = [];
  readonly #told = new Map<string, Incident>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The channel, whose incidents are remembered as they are told. */
  over(channel: Channel): Channel {
    return {
      ...channel,
      tell: (message, ref, doubt) => {
        this.#told.set(message.incident.id, message.incident);
        return channel.tell(message, ref, doubt);
      },
    };
  }

  add({ incident, ...shown }: Shown): void {
    const told = this.#told.get(incident);
    if (told !== undefined) this.all.push({ at: this.#now(), ...shown, incident: told });
  }
}
