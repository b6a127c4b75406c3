import fc from 'fast-check';
import type { Scenario } from '../../src/drill/scenario.ts';
import { broken } from './invariants/all.ts';
import { scenarios } from './scenarios.ts';
import { stage } from './stage.ts';

/** A night that broke promises, as short as it could be made. */
export interface Failure {
  scenario: Scenario;
  /** In words; a failure of the machinery itself is one too. */
  broken: string[];
  /** How many nights were played to shorten it. */
  plays: number;
}

/** A night that fails is shortened by playing so many others at most. */
const SHORTENING = 80;

/** Every promise that the scenario breaks, in words; empty where it keeps all. */
export async function trial(scenario: Scenario): Promise<string[]> {
  try {
    return broken(await stage(scenario));
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

/** Plays the one night that the number stands for, and shortens it where it fails. */
export async function playSeed(seed: number): Promise<Failure | undefined> {
  let plays = 0;
  let shortest: Failure | undefined;
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    if (plays++ > SHORTENING) return true;
    const found = await trial(scenario);
    if (found.length > 0) shortest = { scenario, broken: found, plays };
    return found.length === 0;
  });
  await fc.check(property, { seed, numRuns: 1 });
  return shortest && { ...shortest, plays: Math.min(plays, SHORTENING + 1) };
}
