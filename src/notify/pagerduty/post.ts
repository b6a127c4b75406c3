import { type PostReply, postJson } from '../post.ts';

/** Sends one event, as JSON. Never rejects. */
export type PagerdutyPost = (event: string) => Promise<PostReply>;

interface PagerdutyDoor {
  /** Address of the Events API v2's `enqueue`. */
  eventsUrl: string;
  /** Milliseconds until an event without an answer is given up; default 10 s. */
  timeout?: number;
}

export function openPagerduty({ eventsUrl, timeout }: PagerdutyDoor): PagerdutyPost {
  return (event) => postJson({ url: eventsUrl, body: event, ...(timeout !== undefined && { timeout }) });
}
