import { Bell } from './bell.ts';
import { type Delivery, kindOf, type RouteId, type Told } from './evidence/delivery.ts';
import { SECOND } from './evidence/instant.ts';
import type { Config } from './evidence/probe.ts';
import type { Channel, Ports } from './ports.ts';

const REFUSED = 'the channel refuses for good; somebody has to mend it';

/** How often the courier looks for deliveries that another process has committed and died over. Our own are announced by `ring`. */
const LOOK_EVERY = 5 * SECOND;
/** How long a delivery that becomes due while another is being sent may wait to be noticed. */
const WHILE_BUSY = 200;

/** Delivers until stopped; finishes what it has begun. */
export async function courier(ports: Ports, config: Config, bell: Bell, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const next = await deliverDue(ports, config, stop, bell).catch((error: unknown) => {
      ports.log.error({ err: error }, 'the store cannot be read; deliveries wait');
      return undefined;
    });
    const now = ports.clock.now();
    await ports.clock.sleepUntil(Math.min(Math.max(next ?? Number.POSITIVE_INFINITY, now + 50), now + LOOK_EVERY), bell.woken);
  }
}

/** `later`: some waits for a later try. `refused`: a channel refused for good. */
export type Delivered = 'told' | 'later' | 'refused';

/** Delivers what is due, and what becomes due until then, and begins nothing after it; for a process that is about to exit. */
export async function deliverAll(ports: Ports, config: Config, until: number): Promise<Delivered> {
  const { clock } = ports;
  const stop = new AbortController();
  const done = new AbortController();
  void clock.sleepUntil(until, done.signal).then(() => stop.abort());
  const bell = new Bell(stop.signal);
  let next: number | undefined;
  try {
    next = await deliverDue(ports, config, stop.signal, bell);
    while (next !== undefined && next <= until && !stop.signal.aborted) {
      await clock.sleepUntil(Math.max(next, clock.now() + 50), stop.signal);
      next = await deliverDue(ports, config, stop.signal, bell);
    }
  } finally {
    done.abort();
  }
  const undelivered = await ports.store.undelivered(ports.clock.now(), Number.POSITIVE_INFINITY);
  const refused = undelivered.filter((delivery) => delivery.refused);
  for (const { route, incident, why } of refused) ports.log.error({ route, incident, why }, REFUSED);
  if (refused.length > 0) return 'refused';
  return next === undefined ? 'told' : 'later';
}

/** Tells every route what it is due, routes beside each other, one delivery at a time on each. Resolves to when the next is due. */
async function deliverDue(ports: Ports, config: Config, stop: AbortSignal, bell: Bell): Promise<number | undefined> {
  const busy = new Map<RouteId, Promise<void>>();
  for (;;) {
    bell.reset();
    // Mostly there is nothing to tell, which a mere look finds out.
    const next = await ports.store.nextDelivery(ports.clock.now());
    const now = ports.clock.now();
    const due = next !== undefined && next <= now && !stop.aborted;
    const delivery = due ? await ports.store.claimDelivery(now, new Set(busy.keys())) : undefined;
    if (delivery !== undefined) {
      busy.set(
        delivery.route,
        tellOne(ports, config, delivery).finally(() => busy.delete(delivery.route)),
      );
    } else if (busy.size > 0) {
      await oneSettles(ports, busy, next, stop, bell);
    } else {
      return next;
    }
  }
}

/** Until a send is over, or something else may be due: a channel that hangs must not keep the others waiting. */
async function oneSettles(
  { clock }: Ports,
  busy: ReadonlyMap<RouteId, Promise<void>>,
  next: number | undefined,
  stop: AbortSignal,
  bell: Bell,
): Promise<void> {
  const settled = new AbortController();
  const soonest = clock.now() + WHILE_BUSY;
  const wake = Math.min(Math.max(next ?? Number.POSITIVE_INFINITY, soonest), clock.now() + LOOK_EVERY);
  const slept = clock.sleepUntil(wake, AbortSignal.any([settled.signal, bell.rung, ...(stop.aborted ? [] : [stop])]));
  await Promise.race([...busy.values(), slept]);
  settled.abort();
}

/** Where the outcome cannot be written the claim runs out by itself, and whoever claims next looks before sending. */
async function tellOne(ports: Ports, config: Config, delivery: Delivery): Promise<void> {
  try {
    await tell(ports, config, delivery);
  } catch (error) {
    ports.log.error(
      { route: delivery.route, incident: delivery.incident.id, err: error },
      'the outcome of a delivery could not be stored',
    );
  }
}

async function tell(ports: Ports, config: Config, delivery: Delivery): Promise<void> {
  const { route, incident } = delivery;
  const manner = incident.addressed[route];
  const message = { deployment: config.deployment, rootUrl: config.rootUrl, incident, ...(manner && { manner }) };
  const way = wayTo(ports.channels, delivery);
  const { channel } = way;
  const told = channel ? detoured(await channel.tell(message, way.ref, delivery.doubt), way.via) : withoutChannel(delivery);
  const outcome = await ports.store.settleDelivery(delivery, told, ports.clock.now());
  const context = { route, incident: incident.id, revision: incident.revision };
  if (outcome === 'overtaken') {
    ports.log.warn(context, 'another courier took this delivery over; it is told again');
    if (told.as === 'accepted' && delivery.ref === undefined) await channel?.retract?.(VIA.exec(told.ref)?.[2] ?? told.ref);
  } else if (told.as === 'refused') {
    ports.log.error({ ...context, why: told.why }, REFUSED);
  } else if (told.as === 'accepted') {
    ports.log.info(context, told.more ? 'told in part' : 'told');
  } else {
    ports.log.warn(
      { ...context, why: told.why },
      told.as === 'later' ? 'not told yet, trying again' : 'may have been told, looking again',
    );
  }
}

interface Way {
  channel?: Channel;
  ref?: string | undefined;
  /** The route that stands in for the delivery's own. */
  via?: RouteId;
}

/** What a stand-in's ref begins with. */
const VIA = /^via (\S+) (.*)$/s;

/**
 * The channel of the delivery's route. Where the configuration has lost the route and it never took anything (a mistyped key or channel
 * that was mended), the one of the same kind stands in from then on; what the lost one has taken, only it can take back.
 */
function wayTo(channels: Ports['channels'], { route, ref }: Delivery): Way {
  const [, stood, inner] = VIA.exec(ref ?? '') ?? [];
  const alike = [...channels.keys()].filter((id) => kindOf(id) === kindOf(route));
  // Where there are several of the kind, nobody can tell whose it was.
  const only = ref === undefined && alike.length === 1 ? alike[0] : undefined;
  const other = [...channels.keys()].find((id) => id === stood) ?? only;
  const own = stood === undefined ? channels.get(route) : undefined;
  if (own !== undefined) return { channel: own, ref };
  const standIn = other === undefined ? undefined : channels.get(other);
  return standIn === undefined || other === undefined ? {} : { channel: standIn, ref: inner, via: other };
}

function detoured(told: Told, via: RouteId | undefined): Told {
  return told.as === 'accepted' && via !== undefined ? { ...told, ref: `via ${via} ${told.ref}` } : told;
}

/** The configuration has lost the route. While the incident lasts that is loud; afterwards nobody can be told, and no retry will change it. */
function withoutChannel({ route, incident, ref }: Delivery): Told {
  if (incident.ended !== undefined) return { as: 'accepted', ref: ref ?? '', more: false };
  return { as: 'refused', why: `the configuration has no ${route} any more; put it back until this incident is over` };
}
