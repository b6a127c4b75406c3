import type { Verdict } from '../../evidence/report.ts';

/** Told apart by those who see no red or green too: by lightness, and what matters by form. On white, for Slack has a dark face as well. */
export const COLORS = {
  page: '#ffffff',
  plot: '#f6f7f9',
  grid: '#dfe2e7',
  text: '#1d1c1d',
  faint: '#616670',
  healthy: '#4c9f87',
  slow: '#d98200',
  stuck: '#c81e3a',
  observed: '#8f96a3',
  hollow: '#ffffff',
  shades: { page: 'rgba(200,30,58,0.16)', warn: 'rgba(217,130,0,0.16)', blind: 'rgba(97,102,112,0.22)' },
};

export const STATE_COLORS: Record<Verdict, string> = {
  healthy: COLORS.text,
  slow: COLORS.slow,
  stuck: COLORS.stuck,
  unknown: COLORS.faint,
};

/** Pixels of a picture 1,000 wide, which a phone shows at a third: nothing may be smaller than `small`. */
export const SIZES = { width: 1000, margin: 24, gap: 36, letters: 30, small: 25, title: 44, axis: 66, hours: 36 };
