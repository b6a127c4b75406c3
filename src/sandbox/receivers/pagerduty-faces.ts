import type { PagerdutyPost } from '../../notify/pagerduty/post.ts';
import { retryAfter } from '../../notify/retry-after.ts';
import { type Served, serve } from './http.ts';
import type { PagerDutyModel } from './pagerduty-model.ts';

/** The model behind a real port: `POST <url>/v2/enqueue`. */
export function servePagerDuty(model: PagerDutyModel, { port }: { port: number }): Promise<Served> {
  return serve(port, ({ method, path, body }) => {
    if (method !== 'POST' || path !== '/v2/enqueue') return { status: 404, headers: {}, body: '' };
    return model.faults.meet(actionOf(body), () => model.handle(body));
  });
}

/** The model in process, without a port. A silence is answered at once as what a caller makes of it after its timeout. */
export function pagerdutyModelPost(model: PagerDutyModel): PagerdutyPost {
  return async (event) => {
    const answer = model.faults.meet(actionOf(event), () => model.handle(event));
    if (typeof answer === 'string') return { as: 'unsure', why: answer };
    const asked = answer.headers['retry-after'];
    const wait = asked === undefined ? {} : { wait: retryAfter(asked, answer.headers['date']) };
    return { as: 'answered', status: answer.status, body: answer.body, ...wait };
  };
}

function actionOf(event: string): string {
  return /"event_action":"(\w+)"/.exec(event)?.[1] ?? '';
}
