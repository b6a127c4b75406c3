import { DAY, HOUR, MINUTE, SECOND } from '../evidence/instant.ts';

/** `createTask` refuses a `created` further from the queue's clock. */
export const CREATED_WITHIN = 15 * MINUTE;
/** A minute of that is kept for the call and the clock's error. */
export const CREATE_WINDOW = CREATED_WITHIN - MINUTE;
/** Slots this far ahead of the queue's clock were decided by a clock of ours that was wrong. */
export const AHEAD = 5 * SECOND;
/** An observation older than this opens and escalates nothing: who slept looks again first. */
export const FRESH = 30 * SECOND;
/** A canary still pending this long before its deadline is cancelled and replaced, so that the outage stays followed. */
export const CANCEL_BEFORE = 5 * MINUTE;
/** How many times to claim a probe's state keeps for "usual". */
export const RECENT_CLAIMS = 50;
/** A probe without thresholds has earned some after this many claims or this much history, whichever comes first. */
export const EARNED_CLAIMS = 50;
export const EARNED_AFTER = 3 * DAY;
/** Slots in a row that end in a conflict before two configurations are said to share a name. */
export const CONFLICTS = 3;
/** Failures further apart than this are no unbroken row: nobody asked in between. */
export const UNBROKEN = 6 * MINUTE;
/** How long asking must work again before its incident is over. */
export const ASKING_AGAIN = MINUTE;
/** The same for a clock that was right in between: of several processes the one that is off may come to measure it but now and then. */
export const CLOCK_AGAIN = 9 * MINUTE;
/** A refusal may pass (auth under load answers 401), so it must last this long. */
export const REFUSED_AFTER = 2 * MINUTE;
/** A clock further from the queue's than this is an incident. */
export const CLOCK_OFF = 30 * SECOND;
/** A silence of the queue shorter than this is not taken off ages. */
export const GAP = 30 * SECOND;
/** How often worker-manager is asked about a pool's definition. */
export const POOLS_EVERY = HOUR;
/** And while one that is probed has gone within the last day, which nobody may ask of before it was seen to be back. */
export const GONE_AGAIN = 5 * MINUTE;
/** How long after a failed reading to ask again: a missing scope must not cost a call each pass. */
export const READ_AGAIN = MINUTE;
/** Passes further apart than this do not make the prober one that has been up all along. */
export const UP_BREAK = 10 * MINUTE;
/** A probe that nothing has touched for this long has left the configuration for good, and its incident is withdrawn. */
export const WITHDRAWN_AFTER = HOUR;
/** Past days that the queue goes on to refuse for so long are given up: the scope for them is missing, and nothing is submitted before. */
export const DAYS_REFUSED_FOR = 5 * MINUTE;
/** How long after the store was lost a channel that cannot tell what it shows as open is asked again. */
export const CHANNELS_ASKED_FOR = HOUR;
/** Canaries expire 7 days after their deadline; with deadlines of 6 h or more, 8 days of task groups hold what still lives. */
export const RECOVER_DAYS = 8;
/** So many returns of an incident within so long, and it is said to come and go instead of each return being told. */
export const FLAPS = 3;
export const FLAP_WINDOW = 6 * HOUR;
/** So many slots of a probe must pass without a word before that is a hole in the watch; a schedule of office hours is silent every night. */
export const SILENT_SLOTS = 3;
/** The first late canaries of pools that go bad together lie within this: their starts are spread over up to 15 minutes. */
export const TOGETHER = 30 * MINUTE;
/** The longest gap between two reminders. */
export const REMIND_AT_MOST = DAY;
/** What breaks this long after the last of a fleet is no part of it. */
export const JOIN_WITHIN = HOUR;
/**
 * From so many observations on, of which so many missed, a burning error budget opens an incident: at four an hour a single late canary
 * would be a quarter of it.
 */
export const BURN_ENOUGH = { fast: 12, slow: 48 };
export const BURN_MISSED = 3;
/** A fast burn ends after so long without one that is missed. */
export const BURN_CALM = 3 * HOUR;
/** At most so often the incident of burning budgets tells which probes join and leave. */
export const BUDGET_LINES = 15 * MINUTE;
/** How exactly a probe's state keeps when an incident last told of it. */
export const TOLD_AGAIN = 5 * MINUTE;
/** How often the whole fleet's statistics are read, a heavy query; and how often while some pool is suspect. */
export const FLEET_EVERY = 5 * MINUTE;
export const FLEET_AGAIN = MINUTE;
/** How long answers to readings usually take at the most. */
export const ANSWERED_WITHIN = 5 * SECOND;
/** How old the newest worker of a provider may be known to be before its watched pools are looked at, and how often then. */
export const BASKET_EVERY = 2 * MINUTE;
/** How often pools in which nothing seems to be wanted are asked again whether that is still so. */
export const DEMAND_EVERY = 2.5 * MINUTE;
/** A reading older than this says nothing of now. */
export const SEEN_FRESH = 5 * MINUTE;
/** Pools watched for new workers. */
export const BASKET = 12;
/** How many suspect pools are examined in one pass, in one minute, and how long one is left alone at least. */
export const EXAMINED_AT_ONCE = 4;
export const EXAMINED_A_MINUTE = 12;
export const EXAMINE_EVERY = 2 * MINUTE;
/** One that has been late for long is examined less often, and yet so often that what was read stays fresh. */
export const EXAMINE_AT_LEAST = 4 * MINUTE;
/** Workers created this long ago at most are young: while tasks wait, none of them should be gone; and how long one has to come up or fail. */
export const YOUNG_WORKER = 10 * MINUTE;
export const NEWBORN = 2 * MINUTE;
/**
 * How long a reading that was refused is not asked for again: a missing scope must not cost a call each pass, and one that somebody grants, or
 * an auth service that recovers, must not leave an incident open for want of a look.
 */
export const REFUSED_AGAIN = 5 * MINUTE;
/** How long a refusal is remembered that nobody asks about any more. */
export const REFUSED_KEPT = HOUR;
/** A week and an hour of creations, so that an hour of the day has seven before it. */
export const HOURS_KEPT = 169;
/** From so many days on the same hour of the day says what is usual. */
export const BASELINE_DAYS = 3;
/** How many boots a pool keeps, and from how many on the slowest of them says what is usual. */
export const BOOTS_KEPT = 50;
export const BOOTS_TELL = 5;
