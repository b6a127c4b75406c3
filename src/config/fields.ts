import { Secret } from '../evidence/secret.ts';
import { bad, type Checked, good, matching } from './checked.ts';

/** Taskcluster's rule for a name; it becomes part of task ids, tags and dedup keys. */
export const checkDeployment = matching(
  /^[a-z0-9][a-z0-9-]{0,37}$/,
  'is no name of a deployment',
  'Write 1 to 38 lower-case letters, digits and -, such as firefox-ci.',
);

export const checkName = matching(
  /^(?! )[A-Za-z0-9._/ -]{1,100}(?<! )$/,
  'is no name for a probe',
  'Write 1 to 100 letters, digits, dots, slashes, spaces, _ and -.',
);

/** The queue's pattern for `schedulerId`. */
export const checkSchedulerId = matching(
  /^[a-zA-Z0-9-_]{1,38}$/,
  'is no schedulerId',
  'Write 1 to 38 letters, digits, - and _, such as tc-canary.',
);

export const checkOwner = matching(
  /^(?=.{1,255}$)[^\s@]+@[^\s@]+$/,
  'is no e-mail address',
  'Write the address of those who own the canaries.',
);

/** The queue's pattern for `metadata.source`. */
export const checkSource = matching(
  /^(?=.{1,4096}$)(https?:\/\/|ssh:\/\/|git@)\S+$/,
  'is no source that Taskcluster takes',
  'Write a link that begins with https://, http://, ssh:// or git@.',
);

/** Slack's ids of channels, private channels and direct messages. */
export const checkSlackChannel = matching(
  /^[CGD][A-Z0-9]{6,20}$/,
  'is no id of a Slack channel',
  "Write the id, such as C0123456789: it stands at the foot of the channel's details in Slack, and in a link to the channel.",
);

export function checkUrl(text: string): Checked<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return bad('is no URL', 'Write one that begins with https:// or http://.');
  if (url.username !== '' || url.password !== '') return bad('has a user in it', 'Write the URL without a user or a password.');
  return good(text);
}

/** Taskcluster's root URL, without a slash at its end. */
export function checkRootUrl(text: string): Checked<string> {
  const checked = checkUrl(text);
  if (!checked.ok) return checked;
  const url = new URL(text);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return bad('is more than a root URL', 'Write scheme and host alone, such as https://firefox-ci-tc.services.mozilla.com.');
  }
  return good(url.origin);
}

/** Slack's client wants a slash at the end. */
export function checkApiUrl(text: string): Checked<string> {
  const checked = checkUrl(text);
  return checked.ok ? good(text.replace(/\/*$/, '/')) : checked;
}

/** Anything else in a token would break the header that it is sent in. */
export function checkToken(text: string): Checked<Secret> {
  return /^[\x21-\x7e]+$/.test(text)
    ? good(new Secret(text))
    : bad('does not hold a Slack token', 'Give the variable a bot token, which begins with xoxb- and has no spaces.');
}

export function checkRoutingKey(text: string): Checked<Secret> {
  return /^[A-Za-z0-9]{32}$/.test(text)
    ? good(new Secret(text))
    : bad(
        'does not hold a routing key',
        "Give the variable the 32 characters of the PagerDuty service's Events API v2 integration key.",
      );
}

/** The key that signs what is sent; shorter ones are guessed. */
export function checkWebhookSecret(text: string): Checked<Secret> {
  return text.length >= 16
    ? good(new Secret(text))
    : bad('holds fewer than 16 characters', 'Give the variable a longer key, such as the output of openssl rand -hex 32.');
}

/** A URL that may carry a key in its path. */
export function checkSecretUrl(text: string): Checked<Secret> {
  const checked = checkUrl(text);
  return checked.ok ? good(new Secret(text)) : checked;
}

export const checkWebhookName = matching(
  /^[a-z0-9-]{1,40}$/,
  'is no name for a webhook',
  'Write 1 to 40 lower-case letters, digits and -, such as ops.',
);

const GROUP = /^S[A-Z0-9]{6,20}$/;

/** Whom Slack notifies, in its own notation. */
export function checkMention(text: string): Checked<string> {
  if (text === '@here' || text === '@channel') return good(`<!${text.slice(1)}>`);
  if (GROUP.test(text)) return good(`<!subteam^${text}>`);
  return bad('is nobody whom Slack can call', "Write '@here', '@channel', or a user group's id, such as S0123456789.");
}

const REASON_LENGTH = 200;

/** Shown wherever the silence is. */
export function checkReason(text: string): Checked<string> {
  const trimmed = text.trim();
  const length = Array.from(trimmed).length;
  if (length === 0) return bad('says nothing', 'Write why nobody need hear of it.');
  return length <= REASON_LENGTH
    ? good(trimmed)
    : bad(`is ${length} characters long`, `Write at most ${REASON_LENGTH}, and the rest elsewhere.`);
}
