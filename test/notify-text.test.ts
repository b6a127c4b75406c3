import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../src/evidence/secret.ts';
import { failure } from '../src/notify/network.ts';
import { retryAfter } from '../src/notify/retry-after.ts';
import { code, link, plain } from '../src/notify/slack/mrkdwn.ts';
import { clean, clip, gist } from '../src/notify/text.ts';

describe('text from outside', () => {
  it('is one well-formed line without control, reordering or invisible characters', () => {
    expect(clean('a\r\n\tb\u0007\u202Ec\u200B\ud800 ')).toBe('a b c\u{FFFD}');
    expect(clean('👩‍👧 ok')).toBe('👩‍👧 ok');
  });

  it('is cut at a code point, within the limit, and only where it is too long', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clip('🔥🔥', 3)).toBe('🔥…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const cut = clip(text, limit);
        expect(cut.length).toBeLessThanOrEqual(limit);
        expect(cut.replace(/…$/, '')).not.toMatch(/\p{Surrogate}/u);
        expect(cut === text).toBe(text.length <= limit);
      }),
    );
  });

  it('gives no secret away in a gist', () => {
    expect(gist(new Error('bad token xoxb-1 sent'), [new Secret('xoxb-1')])).toBe('bad token [secret] sent');
    expect(gist('x'.repeat(5000))).toHaveLength(200);
  });

  it('cannot mention, link or format anything in Slack', () => {
    expect(plain('<!channel> & *bold* ~no~ `code` _it_ a_b', 500)).toBe('&lt;!channel&gt; &amp; ∗bold∗ ∼no∼ ˋcodeˋ ˍitˍ a_b');
    expect(code('```<!here>', 500)).toBe("```'''&lt;!here&gt;```");
    expect(link('Task', 'https://x/?a=1&b=<|>')).toBe('<https://x/?a=1&amp;b=%3C%7C%3E|Task>');
    expect(plain('&&&', 11)).toBe('&amp;&amp;…');
  });
});

describe('Retry-After', () => {
  it.each([
    ['30', null, 30_000],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:28:30 GMT', null, 30_000],
    ['0', null, 1_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT', 1_000],
    ['999999', null, 900_000],
    ['soon', null, 30_000],
    [null, null, 30_000],
  ])('%s with Date %s waits %i ms', (header, date, wait) => {
    expect(retryAfter(header, date)).toBe(wait);
  });
});

describe('a failed request', () => {
  const wrapped = (code: string, cause = Object.assign(new Error(`connect ${code}`), { code })) =>
    new TypeError('fetch failed', { cause });

  it('certainly did nothing where no connection was made', () => {
    expect(failure(wrapped('ECONNREFUSED'), [])).toEqual({ as: 'unreachable', why: 'connect ECONNREFUSED' });
    const each = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(failure(new TypeError('fetch failed', { cause: new AggregateError([each]) }), []).as).toBe('unreachable');
  });

  it('may have done something where the connection broke later', () => {
    expect(failure(wrapped('ECONNRESET'), [])).toEqual({ as: 'unsure', why: 'connect ECONNRESET' });
    expect(failure('odd', [])).toEqual({ as: 'unsure', why: 'odd' });
  });
});
