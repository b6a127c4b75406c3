import { type Answer, Faults, json } from './faults.ts';
import { troublesOfEvent } from './pagerduty-event.ts';

/** One alert: from the trigger that opened it to its resolve. */
export interface Alert {
  routingKey: string;
  dedupKey: string;
  summary: string;
  /** Of the newest trigger. */
  severity: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  /** Trigger events it took in; the first one pages. */
  triggers: number;
  links: { href: string; text?: string }[];
  details: Record<string, unknown>;
}

export interface PagerDutyEvent {
  /** `opened` pages somebody; `repeated` is a trigger of an open alert; `dropped` an event without one. */
  what: 'opened' | 'repeated' | 'acknowledged' | 'resolved' | 'dropped';
  routingKey: string;
  dedupKey: string;
  alert?: Alert;
  /** The event as a terminal can show it. */
  lines: string[];
}

interface PagerDutyModelOptions {
  /** Integration keys that exist. */
  routingKeys: string[];
  onEvent?: (event: PagerDutyEvent) => void;
}

const BYTES = 512_000;

/** PagerDuty's Events API v2 as documented. */
export class PagerDutyModel {
  readonly faults = new Faults();
  /** Every alert ever opened, oldest first: each of them was a page. */
  readonly alerts: Alert[] = [];
  /** Every accepted event, as it was sent. */
  readonly events: Record<string, unknown>[] = [];
  readonly #options: PagerDutyModelOptions;

  constructor(options: PagerDutyModelOptions) {
    this.#options = options;
  }

  get open(): Alert[] {
    return this.alerts.filter((alert) => alert.status !== 'resolved');
  }

  /** One request to `enqueue`. */
  handle(body: string): Answer {
    if (Buffer.byteLength(body) > BYTES) return json(413, { status: 'invalid event', message: 'Event is too large' });
    let event: unknown;
    try {
      event = JSON.parse(body);
    } catch {
      return invalid(['JSON is not valid']);
    }
    const errors = troublesOfEvent(event);
    if (errors.length > 0) return invalid(errors);
    const sent = event as Record<string, unknown>;
    const routingKey = String(sent['routing_key']);
    if (!this.#options.routingKeys.includes(routingKey)) return invalid(['Invalid routing key']);
    const dedupKey = typeof sent['dedup_key'] === 'string' ? sent['dedup_key'] : `generated-${this.events.length}`;
    this.events.push(sent);
    this.#apply(sent, routingKey, dedupKey);
    return json(202, { status: 'success', message: 'Event processed', dedup_key: dedupKey });
  }

  #apply(sent: Record<string, unknown>, routingKey: string, dedupKey: string): void {
    const alert = this.open.find((each) => each.routingKey === routingKey && each.dedupKey === dedupKey);
    if (sent['event_action'] === 'trigger') {
      if (alert === undefined) {
        this.#tell('opened', { routingKey, dedupKey }, this.#open(sent, routingKey, dedupKey));
      } else {
        alert.triggers += 1;
        alert.severity = severityOf(sent);
        this.#tell('repeated', { routingKey, dedupKey }, alert);
      }
    } else if (alert === undefined) {
      this.#tell('dropped', { routingKey, dedupKey }, alert);
    } else {
      alert.status = sent['event_action'] === 'resolve' ? 'resolved' : 'acknowledged';
      this.#tell(alert.status, { routingKey, dedupKey }, alert);
    }
  }

  #open(sent: Record<string, unknown>, routingKey: string, dedupKey: string): Alert {
    const payload = sent['payload'] as Record<string, unknown>;
    const alert: Alert = {
      routingKey,
      dedupKey,
      summary: String(payload['summary']),
      severity: severityOf(sent),
      status: 'triggered',
      triggers: 1,
      links: (sent['links'] ?? []) as Alert['links'],
      details: (payload['custom_details'] ?? {}) as Alert['details'],
    };
    this.alerts.push(alert);
    return alert;
  }

  #tell(what: PagerDutyEvent['what'], keys: Pick<Alert, 'routingKey' | 'dedupKey'>, alert: Alert | undefined): void {
    const lines =
      alert === undefined
        ? [keys.dedupKey]
        : [`${alert.severity}: ${alert.summary}`, ...alert.links.map(({ href, text }) => `${text ?? 'link'} (${href})`)];
    this.#options.onEvent?.({
      what,
      ...keys,
      ...(alert !== undefined && { alert: { ...alert } }),
      lines: lines.map((line) => line.replace(/\p{Cc}/gu, '')),
    });
  }
}

function severityOf({ payload }: Record<string, unknown>): string {
  return String((payload as Record<string, unknown>)['severity']);
}

function invalid(errors: string[]): Answer {
  return json(400, { status: 'invalid event', message: 'Event object is invalid', errors });
}
