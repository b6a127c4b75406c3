import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECOND } from '../../src/evidence/instant.ts';
import { servePagerDuty } from '../../src/sandbox/receivers/pagerduty-faces.ts';
import { type PagerDutyEvent, PagerDutyModel } from '../../src/sandbox/receivers/pagerduty-model.ts';
import { serveSlack } from '../../src/sandbox/receivers/slack-faces.ts';
import { type SlackEvent, SlackModel } from '../../src/sandbox/receivers/slack-model.ts';
import { routeFor } from '../../src/sandbox/taskcluster/routes.ts';
import { serveTaskcluster } from '../../src/sandbox/taskcluster/serve.ts';
import type { Fault } from '../../src/world/fault.ts';
import type { PoolSpec } from '../../src/world/spec.ts';
import { World } from '../../src/world/world.ts';
import { type Answer, type Asked, openGate } from './gate.ts';
import { Ledger } from './ledger.ts';
import { Machine, type Running } from './machine.ts';
import { CHANNEL, POOL, probeFile, type Timing } from './probe-file.ts';

export const SECRETS = {
  accessToken: 'access0token0that0nobody0may0read',
  slackToken: 'xoxb-slack-token-that-nobody-may-read',
  routingKey: 'r0utingkeythatn0b0dymayread00000',
};
const CLIENT = 'project/canary';

/**
 * Workers come up and claim well within a second, so that a story need not wait for them; and go before the next minute's canary, for one
 * that came just before a break would claim all that follow.
 */
const QUICK: PoolSpec = {
  pool: POOL,
  runs: 'generic-worker',
  maxCapacity: 2,
  boot: { p50: 300, p95: 400 },
  claim: { min: 50, max: 200 },
  run: { p50: 100, p95: 200 },
  idleTimeout: 20 * SECOND,
};

/** What a receiver does to the process that a request comes from. `terminate` is a mere SIGTERM, and the request goes on. */
type Blow = 'kill before' | 'kill after' | 'terminate';

/** Decides about a request as `Stage.requests` names it; `nth` is its number among those of its process, from 1. */
export type Striker = (request: string, nth: number) => Blow | undefined;

/**
 * A simulated deployment, Slack and PagerDuty behind real ports, a store's folder, a probe file, and the machine on which the prober
 * runs. Every request may bring a blow upon the last process that was started.
 */
export class Stage {
  readonly machine = new Machine();
  readonly world: World;
  readonly slack: SlackModel;
  readonly pagerduty: PagerDutyModel;
  readonly folder = mkdtempSync(join(tmpdir(), 'tc-canary-crash-'));
  readonly config = join(this.folder, 'probes.yml');
  readonly store = join(this.folder, 'canary.db');
  readonly ledger = new Ledger(this.store);
  readonly env: Record<string, string> = {};
  /** Every request so far, in order of arrival, with its number among its kind: `queue.createTask #1`. */
  readonly requests: string[] = [];
  /** All that Slack and PagerDuty were led to show, in order. */
  readonly posts: SlackEvent[] = [];
  readonly pages: PagerDutyEvent[] = [];
  blow: Striker = () => undefined;
  /** A shell line that runs the program, as `"$@"`; by default there is no shell. */
  shell: string | undefined;
  readonly #kinds = new Map<string, number>();
  readonly #open: { close(): Promise<void> }[] = [];
  #onShown: () => void = () => undefined;
  #last: Running | undefined;
  #asked = 0;
  #struck = false;

  /** Begins at an instant, or now. */
  constructor(start?: number) {
    if (start !== undefined) this.machine.set(start);
    const clock = { now: () => this.machine.now() };
    this.world = new World({ seed: 1, start: clock.now(), provisionEvery: 1000, pools: [QUICK] });
    this.slack = new SlackModel({
      clock,
      token: SECRETS.slackToken,
      channels: { [CHANNEL]: {} },
      onEvent: (event) => {
        this.posts.push(event);
        this.#onShown();
      },
    });
    this.pagerduty = new PagerDutyModel({
      routingKeys: [SECRETS.routingKey],
      onEvent: (event) => {
        this.pages.push(event);
        this.#onShown();
      },
    });
  }

  async open(timing: Timing): Promise<this> {
    const { world, machine } = this;
    const taskcluster = await serveTaskcluster(world, {
      port: 0,
      clients: [{ clientId: CLIENT, accessToken: SECRETS.accessToken, scopes: ['*'] }],
      anonymousScopes: [],
      advance: () => world.advanceTo(machine.now()),
    });
    const slack = await serveSlack(this.slack, { port: 0 });
    const pagerduty = await servePagerDuty(this.pagerduty, { port: 0 });
    this.#open.push(taskcluster, slack, pagerduty);
    Object.assign(this.env, {
      TASKCLUSTER_ROOT_URL: await this.#gate(taskcluster.url, kindOfCall),
      TASKCLUSTER_CLIENT_ID: CLIENT,
      TASKCLUSTER_ACCESS_TOKEN: SECRETS.accessToken,
      SLACK_API_URL: `${await this.#gate(slack.url, ({ path }) => path.replace('/api/', ''))}/api/`,
      SLACK_BOT_TOKEN: SECRETS.slackToken,
      PAGERDUTY_EVENTS_URL: `${await this.#gate(pagerduty.url, kindOfEvent)}/v2/enqueue`,
      PAGERDUTY_ROUTING_KEY: SECRETS.routingKey,
      TC_CANARY_STORE: `sqlite:${this.store}`,
    });
    writeFileSync(this.config, probeFile(timing));
    return this;
  }

  /** Starts `tc-canary run`; from now on blows fall on this one. */
  start(...options: string[]): Running {
    const running = this.machine.start(['run', '--config', this.config, ...options], this.env, this.shell);
    this.#last = running;
    this.#asked = 0;
    this.#struck = false;
    return running;
  }

  /** From now on nobody makes workers for the pool, until the function given is called. */
  breakPool(): () => void {
    const fault: Fault = { kind: 'pool-skipped', pools: [POOL], from: this.machine.now(), until: Number.POSITIVE_INFINITY };
    this.world.addFault(fault);
    return () => {
      fault.until = Math.min(fault.until, this.machine.now());
    };
  }

  /** Resolves when Slack and PagerDuty show what is awaited; rejects where one of the services that should bring it about ends. */
  shows(awaited: () => boolean, services: Running[]): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      this.#onShown = () => {
        if (awaited()) resolve();
      };
    });
    const early = services.map(async ({ ended }) => {
      const { code, stderr } = await ended;
      throw new Error(`a service ended with ${code}: ${stderr}`);
    });
    return Promise.race([shown, ...early]);
  }

  /** Somebody was paged, and the page and the message in Slack say that it is over. */
  get isCalm(): boolean {
    const { pages, pagerduty, slack } = this;
    return pages.length > 0 && pagerduty.open.length === 0 && slack.posts.every(({ text }) => text.includes('Resolved'));
  }

  async close(): Promise<void> {
    this.machine.stop();
    await Promise.all(this.#open.map((server) => server.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #gate(server: string, kindOf: (asked: Asked) => string): Promise<string> {
    const gate = await openGate(server, (asked, apply) => this.#meet(kindOf(asked), apply));
    this.#open.push(gate);
    return gate.url;
  }

  async #meet(kind: string, apply: () => Promise<Answer>): Promise<Answer | undefined> {
    const count = (this.#kinds.get(kind) ?? 0) + 1;
    this.#kinds.set(kind, count);
    const request = `${kind} #${count}`;
    this.requests.push(request);
    // What a dying process had sent beside it arrives all the same.
    const blow = this.#struck ? undefined : this.blow(request, ++this.#asked);
    this.#struck ||= blow !== undefined;
    if (blow === 'terminate') void this.#last?.kill('SIGTERM');
    if (blow === 'kill before') await this.#last?.kill('SIGKILL');
    const answer = blow === 'kill before' ? undefined : await apply();
    if (blow === 'kill after') await this.#last?.kill('SIGKILL');
    return blow === 'kill after' ? undefined : answer;
  }
}

function kindOfCall({ method, path }: Asked): string {
  const route = routeFor(method, path.split('?')[0] ?? '');
  return `${route?.service}.${route?.method}`;
}

function kindOfEvent({ body }: Asked): string {
  return `pagerduty.${/"event_action":"(\w+)"/.exec(body)?.[1]}`;
}
