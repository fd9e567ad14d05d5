// What is judged: a search, or anything else that says something about all schedules of a program.
import { type Finding, type Program, replay } from '../../scheduler/index.js';
import type { Reference } from './reference.js';
import { usualEffort } from './reference.js';
import type { Subject } from './subject.js';

export interface Engine {
  readonly name: string;
  /** What is not as the enumerator says it is, as sentences; none is good. */
  readonly disagreements: (subject: Subject) => readonly string[];
}

/** What an exhaustive search says; what it leaves out it does not know. */
export interface Answer {
  /** Whether it found a failure when each execution ends at its first one. */
  readonly failed: boolean;
  /** The failure that it shows. */
  readonly finding?: Finding | undefined;
  /** It says that no failure has fewer preemptions. */
  readonly minimal?: boolean;
  /** The first verdicts of executions that it saw; it need not see them all. */
  readonly signatures?: ReadonlySet<string>;
  /** Every state in which an execution can end. */
  readonly endStates?: ReadonlySet<string>;
}

/** How an answer differs from the truth. */
export function differences(answer: Answer, { program, reference }: Subject): string[] {
  const { failures, endStates } = reference;
  const found: string[] = [];
  if (answer.failed !== failures.size > 0) {
    found.push(
      answer.failed
        ? `it fails, which no schedule does`
        : `it holds, but there is: ${[...failures.keys()].join('; ')}`,
    );
  }
  for (const signature of answer.signatures ?? []) {
    if (!failures.has(signature)) found.push(`no schedule comes to: ${signature}`);
  }
  if (answer.finding !== undefined) {
    found.push(...findingDifferences(program, answer.finding, reference, answer.minimal === true));
  } else if (answer.failed) {
    found.push('it fails, and shows no finding');
  }
  if (answer.endStates !== undefined) found.push(...setDifferences(answer.endStates, endStates));
  return found;
}

/** A finding must be one, fail again when it is replayed, and be as simple as it says. */
export function findingDifferences(
  program: Program,
  finding: Finding,
  { failures }: Reference,
  minimal: boolean,
): string[] {
  const { signature, schedule, preemptions } = finding;
  const fewest = failures.get(signature);
  if (fewest === undefined) return [`no schedule comes to the finding: ${signature}`];
  const found: string[] = [];
  const again = replay(program, schedule, { stepsMax: usualEffort.stepsMax });
  if (again.mismatch !== undefined) found.push(`replay: ${again.mismatch.message}`);
  else if (again.finding.signature !== signature) {
    found.push(`the replay of ${signature} comes to ${again.finding.signature}`);
  } else if (again.finding.preemptions !== preemptions) {
    found.push(
      `the replay has ${String(again.finding.preemptions)} preemptions, not ${String(preemptions)}`,
    );
  }
  if (preemptions < fewest) found.push(`no schedule has only ${String(preemptions)} preemptions`);
  if (minimal && preemptions > fewest) {
    found.push(`${String(preemptions)} preemptions are minimal, but ${String(fewest)} suffice`);
  }
  return found;
}

/** What is missing from a set, and what is too much. */
export function setDifferences(mine: ReadonlySet<string>, all: ReadonlySet<string>): string[] {
  const missing = [...all].filter((each) => !mine.has(each));
  const wrong = [...mine].filter((each) => !all.has(each));
  return [
    ...missing.slice(0, 1).map((each) => `${String(missing.length)} end states missing:\n${each}`),
    ...wrong.slice(0, 1).map((each) => `${String(wrong.length)} end states do not exist:\n${each}`),
  ];
}
