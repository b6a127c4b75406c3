import type { Canary } from '../evidence/canary.ts';
import type { DueCanary } from '../evidence/fact.ts';
import type { Config } from '../evidence/probe.ts';
import type { State } from '../evidence/state.ts';
import { type PlannedReads, readsFor } from './causes/reads.ts';
import { blindDays, recoverDays } from './due.ts';
import { CANCEL_BEFORE, CHANNELS_ASKED_FOR, CREATE_WINDOW, READ_AGAIN } from './limits.ts';
import { expand } from './probes.ts';

export interface Plan extends PlannedReads {
  /** Task ids to ask the queue about, in one call. */
  looks: string[];
  /** Canaries so near their deadline that they are to be replaced. */
  cancels: string[];
  /** UTC days whose task groups are to be read, newest first, after the store was found empty. */
  recover: number[];
  /** Those of them without which nothing can be told, nor anything submitted. */
  blind: number[];
  /** Channels are to be asked what they show as open. */
  asksChannels: boolean;
}

/** What a pass should do, at the queue's instant `now`. Pure. */
export function plan(config: Config, state: State, now: number): Plan {
  const open = openCanaries(state);
  const recover = state.watch.recover ?? recoverDays(config, now);
  const blind = blindDays(config, recover, now);
  return {
    looks: open.filter((canary) => !isCreatable(canary, now)).map((canary) => canary.taskId),
    cancels: open
      .filter((canary) => canary.stage === 'pending' && dueForCancel(state, canary, now))
      .map((canary) => canary.taskId),
    ...readsFor(config, expand(config, state.pools), state, now),
    recover,
    blind,
    asksChannels: blind.length > 0 || asksAgain(state, now),
  };
}

/** One of the channels could not tell what it shows when the store was lost. */
function asksAgain({ watch: { channelsAsked } }: State, now: number): boolean {
  if (channelsAsked === undefined || !channelsAsked.deaf) return false;
  return now - channelsAsked.at >= READ_AGAIN && now - channelsAsked.since <= CHANNELS_ASKED_FOR;
}

/** Canaries decided and stored, to be created now. */
export function dueCreates(state: State, now: number): DueCanary[] {
  return openCanaries(state).filter((canary): canary is DueCanary => isCreatable(canary, now) && canary.definition !== undefined);
}

/** Those that are due, and those that pend. */
function openCanaries({ probes }: State): Canary[] {
  return [...probes.values()].flatMap(({ open }) => open ?? []);
}

function isCreatable({ stage, slot }: Canary, now: number): boolean {
  return stage === 'due' && slot >= now - CREATE_WINDOW;
}

/** From five minutes before the deadline until it, and where its pool is gone; after the deadline the queue refuses to cancel. */
function dueForCancel({ pools }: State, { pool, deadline }: Canary, now: number): boolean {
  return now < deadline && (now >= deadline - CANCEL_BEFORE || pools.get(pool)?.gone !== undefined);
}
