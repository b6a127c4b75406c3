import type { LivedCanary } from './evidence/canary.ts';
import { HOUR, MINUTE } from './evidence/instant.ts';
import type { State } from './evidence/state.ts';
import { type Beat, beatsOf, inOrder } from './judge/replay/lived.ts';
import type { Replay } from './judge/replay/replay.ts';
import type { Store } from './ports.ts';

/** History is read and played so much at a time, so that memory stays bounded. */
const PIECE = 6 * HOUR;
/** A canary is scheduled later than its slot, except where the clock of whoever decided on it ran ahead. */
const EARLY = MINUTE;

export interface Span {
  from: number;
  /** The present, by the queue's clock: what is in flight then is as old as it is. */
  until: number;
}

interface Watching {
  stop: AbortSignal;
  /** Told now and then up to which instant it has come. */
  onTime: (now: number) => void;
}

/**
 * Plays the canaries that the store keeps of these probes, read once, to every replay. Resolves to how many there were, and the slot of the
 * first; early where it is stopped, and then what the replays say is not whole.
 */
export async function playStored(
  store: Pick<Store, 'lived'>,
  { probes }: Pick<State, 'probes'>,
  names: readonly string[],
  replays: readonly Replay[],
  { from, until }: Span,
  { stop, onTime }: Watching,
): Promise<{ canaries: number; first?: number }> {
  const open = inFlight(probes, names);
  let canaries = 0;
  let first: number | undefined;
  let beats: Beat[] = [];
  for (let at = from; at < until && !stop.aborted; at += PIECE) {
    const end = Math.min(until, at + PIECE);
    const lived = await store.lived(names, at, end);
    canaries += lived.length;
    if (lived.length > 0) first ??= Math.min(...lived.map(({ slot }) => slot));
    for (const { taskId } of lived) open.delete(taskId);
    // What has ended since the state was read is among them.
    lived.push(...[...open.values()].filter(({ slot }) => slot < end && (slot >= at || at === from)));
    // What is scheduled a moment before the next piece may stand in it.
    const horizon = end === until ? until : end - EARLY;
    const all = inOrder([...beats, ...beatsOf(lived)]);
    const due = all.findIndex((beat) => beat.at >= horizon);
    beats = due < 0 ? [] : all.slice(due);
    const now = due < 0 ? all : all.slice(0, due);
    for (const replay of replays) {
      if (stop.aborted) break;
      replay.play(now, horizon);
      // Signals are heard only between two turns of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
    }
    onTime(end);
  }
  return { canaries, ...(first !== undefined && { first }) };
}

function inFlight(probes: State['probes'], names: readonly string[]): Map<string, LivedCanary> {
  const open = names.flatMap((name) => probes.get(name)?.open ?? []);
  return new Map(open.filter(({ stage }) => stage === 'pending').map((canary) => [canary.taskId, canary]));
}
