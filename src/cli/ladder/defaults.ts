// What the ladder of a series takes unless it is told otherwise; docs/ladder-task-migration.md is made with it.

export const ladderDefaults = {
  preemptions: 2,
  /** Small: a whole ladder is some thousand searches. */
  states: 10_000,
  runs: 100,
  seed: '1',
} as const;
