import type { Told } from '../../evidence/delivery.ts';
import { SECOND } from '../../evidence/instant.ts';
import type { SlackReply } from './reply.ts';

/** Wait after a connection that was never made: nothing of ours is at stake, and it may be back any moment. */
const RECONNECT = 5 * SECOND;

/** Wait after an error that passes by itself, or that nobody has documented. */
const PASSING = 30 * SECOND;

const TOKEN = 'set slack.token to a valid bot token (Slack app settings, OAuth & Permissions)';
const SCOPE = 'grant the bot the scope chat:write (and channels:history to find its own messages), then reinstall the app';
const CHANNEL = "set slack.channel, or slack under alerts, to the channel's id, and invite the bot if the channel is private";
const POSTING = "let the bot post: the workspace's or the channel's settings forbid it";
const ADMIN = "ask the workspace's administrators to let the app act";
const OURS = 'Slack does not take the message in any form; please report this';

/** Errors that stay until somebody mends something, and what that is. */
const REMEDIES: Record<string, string> = {
  invalid_auth: TOKEN,
  not_authed: TOKEN,
  token_revoked: TOKEN,
  token_expired: TOKEN,
  account_inactive: TOKEN,
  not_allowed_token_type: TOKEN,
  is_bot: TOKEN,
  missing_scope: SCOPE,
  no_permission: SCOPE,
  channel_not_found: CHANNEL,
  not_in_channel: 'invite the bot to the channel',
  is_archived: 'unarchive the channel, or set slack.channel, or slack under alerts, to another',
  messages_tab_disabled: CHANNEL,
  team_not_found: CHANNEL,
  restricted_action: POSTING,
  restricted_action_read_only_channel: POSTING,
  restricted_action_thread_only_channel: POSTING,
  restricted_action_non_threadable_channel: POSTING,
  restricted_action_thread_locked: POSTING,
  ekm_access_denied: ADMIN,
  access_denied: ADMIN,
  accesslimited: ADMIN,
  app_access_restricted: ADMIN,
  enterprise_is_restricted: ADMIN,
  team_access_not_granted: ADMIN,
  two_factor_setup_required: ADMIN,
  invalid_arguments: OURS,
  invalid_blocks: OURS,
  invalid_blocks_format: OURS,
  msg_blocks_too_long: OURS,
  msg_too_long: OURS,
  no_text: OURS,
  unknown_method: "set slack.apiUrl to the address of Slack's Web API",
  http_404: "set slack.apiUrl to the address of Slack's Web API",
  http_401: 'see what stands between the prober and Slack: it asks for a login',
  http_403: 'see what stands between the prober and Slack: it forbids the call',
  http_407: 'see what stands between the prober and Slack: a proxy asks for a login',
};

/** The message cannot be edited or replied to any more. */
const GONE = new Set([
  'message_not_found',
  'thread_not_found',
  'cannot_reply_to_message',
  'cant_update_message',
  'edit_window_closed',
  'is_inactive',
]);

/** We may not read the channel, though we may be able to write. */
const BLIND = new Set([
  'missing_scope',
  'no_permission',
  'not_in_channel',
  'channel_not_found',
  'not_allowed_token_type',
  'restricted_action',
  'access_denied',
]);

/** Slack objects to what the message looks like. */
const UNFIT = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'block_mismatch',
  'invalid_arguments',
]);

export type Failed = Exclude<SlackReply, { as: 'ok' }>;

export function isGone(reply: Failed): boolean {
  return reply.as === 'refused' && GONE.has(reply.error);
}

export function isBlind(reply: Failed): boolean {
  return reply.as === 'refused' && BLIND.has(reply.error);
}

/** The argument without which the call has a better chance. */
export function culprit(error: string): 'blocks' | 'metadata' | undefined {
  if (error.includes('metadata')) return 'metadata';
  return UNFIT.has(error) ? 'blocks' : undefined;
}

export function toldOf(reply: Failed): Told {
  if (reply.as === 'limited') return { as: 'later', after: reply.after, route: true, why: 'Slack limits the rate of calls' };
  if (reply.as === 'unreachable')
    return { as: 'later', after: RECONNECT, route: true, why: `Slack cannot be reached: ${reply.why}` };
  if (reply.as === 'unsure') return { as: 'unsure', why: `Slack gave no clear answer: ${reply.why}` };
  const remedy = REMEDIES[reply.error];
  const why = `Slack refused with ${reply.error}${reply.detail === '' ? '' : ` (${reply.detail})`}`;
  return remedy === undefined ? { as: 'later', after: PASSING, route: false, why } : { as: 'refused', why: `${why}: ${remedy}` };
}
