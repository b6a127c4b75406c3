import type { Incident } from '../../evidence/incident.ts';
import { errorOf, errorText } from './common-error.ts';
import { sentence, troubleOf } from './diagnosis.ts';
import { poolCause } from './pool-cause.ts';
import { remedy, stallRemedy } from './remedies.ts';
import { stallSentence } from './stall.ts';
import { isRecovering } from './status.ts';

/** What is said of a cause wherever an incident is told. */
export interface CauseWords {
  /** With the numbers that prove it, without its full stop. */
  proof: string;
  /** For the headline; absent where no cause is known. */
  trouble?: string;
  advice: string;
  /** The commonest provisioning error, where it may explain anything. */
  detail?: string;
}

/** The words for what was read of pools; none where nothing was, and none any more where workers claim again or all is over. */
export function causeWords(incident: Incident): CauseWords | undefined {
  const { evidence, ended } = incident;
  if (evidence.kind === 'ask' || evidence.kind === 'budget' || ended !== undefined || isRecovering(incident)) return undefined;
  const { diagnosis } = evidence;
  if (evidence.kind === 'fleet' && evidence.stall !== undefined) {
    const { stall } = evidence;
    const confidence = diagnosis?.cause === 'provisioning-stalled' ? diagnosis.confidence : 'sure';
    const proof = stallSentence(incident, stall, confidence);
    return { proof, advice: stallRemedy(stall), ...(stall.commonError && { detail: errorText(stall.commonError) }) };
  }
  if (diagnosis === undefined) return undefined;
  const cause = poolCause(diagnosis.cause);
  // That nothing explains a wait is said while something waits.
  if (cause === 'unexplained' && (evidence.kind === 'capacity' || (evidence.kind === 'pool' && evidence.claimed)))
    return undefined;
  const detail = errorOf(diagnosis);
  const trouble = troubleOf(diagnosis);
  return {
    proof: evidence.kind === 'fleet' ? `${sentence(diagnosis)}; alike in most of these pools` : sentence(diagnosis),
    ...(trouble !== undefined && { trouble }),
    advice: remedy(diagnosis),
    ...(detail !== undefined && { detail }),
  };
}
