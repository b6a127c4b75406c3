import type { Service } from '../taskcluster/call.ts';
import type { CallFault, Fault, FaultKind, PoolFault, Where } from './fault.ts';

type Kind<F, K extends FaultKind> = Extract<F, { kind: K }>;
type Timed<F> = F & { from: number; until: number };

/** Every fault that was, is or will be. A fault holds at `from` and no longer at `until`. */
export class FaultBook {
  readonly all: Fault[] = [];
  readonly #of = new Map<FaultKind, Fault[]>();
  readonly #strikes = new Map<Fault, (pool: string, provider: string) => boolean>();

  add(fault: Fault): void {
    this.all.push(fault);
    this.#of.set(fault.kind, [...(this.#of.get(fault.kind) ?? []), fault]);
    if (isPoolFault(fault)) this.#strikes.set(fault, struck(fault));
  }

  /** The first fault of the kind that strikes the pool now. */
  onPool<K extends PoolFault['kind']>(
    kind: K,
    pool: { id: string; provider: string },
    now: number,
  ): Timed<Kind<PoolFault, K>> | undefined {
    const found = this.#of.get(kind)?.find((fault) => holds(fault, now) && this.strikes(fault, pool));
    return found as Timed<Kind<PoolFault, K>> | undefined;
  }

  /** Every fault of the kind that strikes the call now, whatever its rate. */
  onCall<K extends CallFault['kind']>(kind: K, service: Service, method: string, now: number): Timed<Kind<CallFault, K>>[] {
    const held = (this.#of.get(kind) ?? []).filter((fault) => holds(fault, now)) as Timed<Kind<CallFault, K>>[];
    return held.filter(({ services, methods }) => (services?.includes(service) ?? true) && (methods?.includes(method) ?? true));
  }

  strikes(fault: Fault, pool: { id: string; provider: string }): boolean {
    return this.#strikes.get(fault)?.(pool.id, pool.provider) ?? false;
  }
}

export function isPoolFault(fault: Fault): fault is Timed<PoolFault> {
  return !fault.kind.startsWith('api-') && fault.kind !== 'unresolvable';
}

function holds(fault: Fault, now: number): boolean {
  return fault.from <= now && now < fault.until;
}

function struck({ pools, providers }: Where): (pool: string, provider: string) => boolean {
  const patterns = pools?.map((glob) => new RegExp(`^${glob.split('*').map(literal).join('.*')}$`));
  if (patterns === undefined && providers === undefined) return (_, provider) => provider !== 'none';
  return (pool, provider) => (patterns?.some((pattern) => pattern.test(pool)) ?? true) && (providers?.includes(provider) ?? true);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
