import type { Picture } from '../../../evidence/board.ts';
import { SECOND } from '../../../evidence/instant.ts';
import { isObject } from '../../../evidence/object.ts';
import type { Clock, Log } from '../../../ports.ts';
import { gist } from '../../text.ts';
import { isBlind, toldOf } from '../errors.ts';
import type { SlackCall } from '../reply.ts';

/** Waits between looks at a file that Slack still examines, half a minute in all. */
const LOOKS = [1, 2, 4, 8, 15].map((seconds) => seconds * SECOND);
/** Without the scope to look, Slack is given this long. */
const BLIND_WAIT = 5 * SECOND;

interface Tools {
  call: SlackCall;
  clock: Clock;
  log: Log;
  /** Cuts waits short. */
  stop: AbortSignal;
}

/**
 * Draws and uploads, to nobody but ourselves: who sees the message sees it. Undefined where it cannot be had. `uploaded` is awaited with the
 * file's id before anything else, so that nothing is lost in Slack.
 */
export async function upload(
  tools: Tools,
  picture: Picture,
  uploaded: (file: string) => Promise<void>,
): Promise<string | undefined> {
  const { call, log } = tools;
  const drawn = await picture.draw().catch((error: unknown) => {
    log.warn({ why: gist(error) }, 'the chart cannot be drawn; the dashboard goes without');
    return undefined;
  });
  if (drawn === undefined) return undefined;
  const sent = await call('files.uploadV2', { file: Buffer.from(drawn), filename: 'time-to-claim.png', alt_text: picture.alt });
  const file = sent.as === 'ok' ? idIn(sent.body) : undefined;
  if (file === undefined) {
    const why = sent.as === 'ok' ? 'the answer holds no file' : toldOf(sent);
    log.warn({ why }, 'the chart cannot be uploaded; the dashboard goes without. It needs the scope files:write');
    return undefined;
  }
  await uploaded(file);
  return (await isReady(tools, file)) ? file : undefined;
}

/** A message that shows a file before Slack has examined it is refused. */
async function isReady({ call, clock, log, stop }: Tools, file: string): Promise<boolean> {
  for (const wait of LOOKS) {
    const looked = await call('files.info', { file });
    if (looked.as === 'ok' && isExamined(looked.body['file'])) return true;
    if (looked.as !== 'ok' && isBlind(looked)) {
      await clock.sleepUntil(clock.now() + BLIND_WAIT, stop);
      return true;
    }
    await clock.sleepUntil(clock.now() + wait, stop);
  }
  log.warn({ file }, 'Slack has not examined the chart in time; the dashboard goes without');
  return false;
}

function isExamined(file: unknown): boolean {
  const type = isObject(file) ? file['mimetype'] : undefined;
  return typeof type === 'string' && type !== '';
}

/** The answer holds a list of uploads, each with its list of files. */
function idIn({ files }: Record<string, unknown>): string | undefined {
  const [first] = Array.isArray(files) ? files : [];
  if (!isObject(first)) return undefined;
  return typeof first['id'] === 'string' ? first['id'] : idIn(first);
}

/** Those that are still there. */
export async function withoutDeleted(call: SlackCall, files: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const file of files) {
    const reply = await call('files.delete', { file });
    const gone = reply.as === 'ok' || (reply.as === 'refused' && GONE.has(reply.error));
    if (!gone) left.push(file);
  }
  return left.slice(-MOST);
}

const GONE = new Set(['file_not_found', 'file_deleted', 'cant_delete_file']);
/** What cannot be deleted for long is left where it is. */
const MOST = 20;
