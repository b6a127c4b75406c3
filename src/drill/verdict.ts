import { spoken } from '../evidence/instant.ts';
import type { Notice } from './notices.ts';
import type { Mark, Scenario } from './scenario.ts';

/** A page: from the first notice of an incident that wakes somebody to the one that says that nobody need be awake for it any more. */
interface Page {
  at: number;
  incident: Notice['incident'];
  resolved?: number;
}

/** How long after `broke` it was noticed and somebody was paged, and after `mended` it was over. Milliseconds. */
export interface Figures {
  noticed?: number;
  paged?: number;
  resolved?: number;
}

/** What came of a drill. */
export interface Verdict {
  prober: Figures;
  people: Figures;
  /** Of the first page or, where nobody was paged, of the first message. */
  cause?: string;
  pages: number;
  /** Incidents told that had nothing to do with the outage: they were opened before it, or began after it. */
  falseAlarms: { pages: number; warnings: number };
  /** Every expectation that does not hold, in words. */
  failures: string[];
}

/** Holds what was told against what was expected. `byPagerduty`: people are paged by PagerDuty, and not by whatever channel there is. */
export function verdictOf(scenario: Scenario, notices: readonly Notice[], byPagerduty: boolean): Verdict {
  const { broke, mended, expect } = scenario;
  const pages = pagesOf(byPagerduty ? notices.filter(({ via }) => via === 'pagerduty') : notices);
  const foreign = ({ incident }: Pick<Notice, 'incident'>) =>
    incident.opened < broke || (mended !== undefined && incident.since > mended);
  const [page] = pages.filter((one) => !foreign(one));
  const [first] = notices.filter((notice) => !foreign(notice));
  const own = pages.filter((one) => !foreign(one));
  const last = own.every(({ resolved }) => resolved !== undefined) ? Math.max(...own.map(({ resolved }) => resolved ?? 0)) : 0;
  const prober: Figures = {
    ...(first && { noticed: first.at - broke }),
    ...(page && { paged: page.at - broke }),
    ...(last > 0 && mended !== undefined && { resolved: last - mended }),
  };
  const falsePages = new Set(pages.filter(foreign).map(({ incident }) => incident.id));
  const falseIds = new Set(notices.filter(foreign).map(({ incident }) => incident.id));
  const cause = (page ?? first)?.incident.cause;
  const found = {
    prober,
    people: peopleOf(scenario),
    ...(cause && { cause }),
    pages: pages.length,
    falseAlarms: { pages: falsePages.size, warnings: falseIds.size - falsePages.size },
  };
  return { ...found, failures: failuresOf(expect, found, own.length > 0) };
}

function pagesOf(notices: readonly Notice[]): Page[] {
  const pages: Page[] = [];
  const open = new Map<string, Page>();
  for (const { at, incident } of notices) {
    const page = open.get(incident.id);
    if (page === undefined && incident.level === 'page' && incident.ended === undefined) {
      const opened = { at, incident };
      open.set(incident.id, opened);
      pages.push(opened);
    } else if (page !== undefined && (incident.ended !== undefined || incident.level === 'warn')) {
      page.resolved = at;
      open.delete(incident.id);
    }
  }
  return pages;
}

function peopleOf({ broke, mended, people }: Scenario): Figures {
  const at = (mark: Mark) => people.find((deed) => deed.mark === mark)?.at;
  const [noticed, paged, over] = [at('noticed'), at('paged'), at('over')];
  return {
    ...(noticed !== undefined && { noticed: noticed - broke }),
    ...(paged !== undefined && { paged: paged - broke }),
    ...(over !== undefined && mended !== undefined && { resolved: over - mended }),
  };
}

function failuresOf(
  expect: Scenario['expect'],
  { prober, cause, pages }: Pick<Verdict, 'prober' | 'cause' | 'pages'>,
  paged: boolean,
): string[] {
  const late = (what: string, took: number | undefined, within: number | undefined): string[] => {
    if (within === undefined || (took !== undefined && took <= within)) return [];
    return [`${took === undefined ? `not ${what}` : `${what} after ${spoken(took)}`}, expected within ${spoken(within)}`];
  };
  return [
    ...late('noticed', prober.noticed, expect.noticedWithin),
    ...late('paged', prober.paged, expect.pagedWithin),
    ...(expect.cause !== undefined && cause !== undefined && cause !== expect.cause
      ? [`the cause named is ${cause}, expected ${expect.cause}`]
      : []),
    ...(paged ? late('resolved', prober.resolved, expect.resolvedWithin) : []),
    ...(pages > expect.pages
      ? [`${pages} ${pages === 1 ? 'page' : 'pages'}, expected ${expect.pages === 0 ? 'none' : `${expect.pages} at most`}`]
      : []),
  ];
}
