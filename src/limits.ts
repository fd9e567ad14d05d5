// Every bound of the simulator on one screen. Passing one is a verdict or a clear error, never a hang.

export const limits = {
  /** Threads of one execution, spawned ones included. */
  threadsMax: 131_072,
  /** Simulated CPUs of one machine. */
  cpusMax: 131_072,
  /** How often in a row timers may arm themselves, or each other, in one execution, unless the timer says otherwise. */
  timerRearms: 2,
  /** Steps of one execution before its verdict is `limit`; `--steps-max` changes it. */
  stepsMax: 100_000,
  /** The largest value `--steps-max` takes. */
  stepsCeiling: 10_000_000,
  /** The last 1/n of an execution's steps is scheduled fairly, if it has come to the head of a loop by then. */
  fairShare: 4,
  /** How often others are granted a lock, under a fair scheduler, before whoever waits for it all along starves. */
  starvationGrants: 100,
  /** Rounds of one loop under a fair scheduler before it counts as unbounded. */
  unboundedRounds: 1_000,
  /** Visits of one loop's head that are remembered, to notice that an execution goes round in a circle. */
  loopVisitsCompared: 64,
  /** Classes of locks, and events, that lockdep tells apart in one machine. */
  lockClassesMax: 4096,
  /** Calls of one thread that may be open at once (recursion of a model). */
  framesMax: 1_000,
  /** Executions of one sampling campaign, unless `--runs` says otherwise. */
  runsDefault: 10_000,
  /** Executions of one exhaustive search before its verdict is LIMIT. */
  enumerateRunsDefault: 2_000_000,
  /** States of one stateful search before its verdict is LIMIT; some 10 bytes each. */
  statesDefault: 20_000_000,
  /** The largest value `--states` takes: beyond it a table no longer fits into one array. */
  statesCeiling: 100_000_000,
  /** States that the proof of a counterexample's minimality may take. */
  minimalStates: 500_000,
  /** The largest value `--runs` takes. */
  runsCeiling: 1_000_000_000,
  /** Executions of the random walk that are run again to see how many traces are new among them. */
  traceSampleRuns: 4_096,
  /** Running them again takes at most 1/n of the steps of the campaign, or one block. */
  traceSampleShare: 4,
  /** Different outcomes that a histogram keeps apart. */
  outcomesMax: 10_000,
  /** Executions that share one random stream; learning happens only between two blocks. */
  blockRuns: 256,
  /** Executions of the first block of each strategy; they double with each round up to blockRuns. */
  firstBlockRuns: 4,
  /** Executions of each block of which it is found out what kind of schedule they are, where strategies share. */
  scoutRuns: 4,
  /** Blocks of one round at most: they run at the same time, and learn only from the rounds before. */
  roundBlocksMax: 32,
  /** Threads of one execution whose steps are counted, for strategies that weigh threads by what they have left to do. */
  profiledThreads: 4_096,
  /** Things of which one thread's uses are counted. */
  profiledThings: 4_096,
  /** Chains of operations that pctcp tells apart in one execution; further operations share the last one. */
  chainsMax: 1_024,
  /** States of the largest program in which `uniform` can count the interleavings. */
  uniformStates: 100_000,
  /** In a campaign with shards only so many blocks teach the others: the first three rounds. */
  shardLessons: 7,
  /** Shards of one campaign. */
  shardsMax: 10_000,
  /** Executions a canary may take before a campaign is NOT VERIFIED. */
  canaryRuns: 2_048,
  /** Steps that each part of making a counterexample small may take: long executions get fewer of the following. */
  reduceSteps: 40_000_000,
  /** Re-executions that reducing a counterexample may take. */
  reduceRuns: 20_000,
  /** Executions that moving its preemptions to their earliest positions may take. */
  positionRuns: 2_000,
  /** Executions that looking for it without one of the actors may take. */
  workloadRuns: 20_000,
  /** Executions that the proof of a counterexample's minimality may take. */
  minimalRuns: 200_000,
  /** Steps of executions that the explanation of a counterexample may take: for one answer, and for all. */
  explainStepsPerAnswer: 4_000_000,
  explainSteps: 24_000_000,
  /** The same, for the few lines at the end of a search. */
  explainBrieflySteps: 1_000_000,
  /** Cycles of lock dependencies that one search judges, the shortest first. */
  lockCyclesMax: 32,
  /** Places that the look for such cycles may visit. */
  lockCycleVisitsMax: 200_000,
  /** Executions that are driven towards one such cycle. */
  lockSearchRuns: 1_024,
  /** Executions in which every schedule is tried before such a cycle counts as open. */
  lockProofRuns: 50_000,
  /** How often the rules of properties may set each other off after one step. */
  propertyRoundsMax: 100,
  /** Nodes that a property may visit on one list before the list counts as corrupt. */
  listNodesMax: 1_000_000,
  /** Steps that the condition of a wait_event() may take where a sleeper is judged. */
  conditionSteps: 1_000,
  /** Steps between two state digests of a replay file, for runs up to digestsMax * this. */
  digestSteps: 16,
  /** Digests in one replay file; longer runs space them wider. */
  digestsMax: 64,
  /** Steps of the longest execution whose trace is complete; of a longer one it has the last ones. */
  traceSteps: 100_000,
  /** How many these are. */
  traceLastSteps: 20_000,
  /** Changes of the running thread up to which a replay file names their places, and choices that have a label. */
  courseTurns: 10_000,
  /** Different operations of one thread that a replay file lists. */
  courseUses: 256,
  /** Executions that following a replay file by its labels may take, and steps of all of them. */
  labelRuns: 512,
  labelSteps: 5_000_000,
  /** Executions of the search that goes on where a replay file does not apply any more, unless `--runs` says otherwise. */
  replayRunsDefault: 20_000,
  /** Bytes of the largest replay file that is read. */
  replayBytesMax: 64 * 1024 * 1024,
  /** Milliseconds without a step after which the watchdog ends a worker. */
  watchdogMilliseconds: 10_000,
} as const;
