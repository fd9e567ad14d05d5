import { fileURLToPath } from 'node:url';
import { folderBorders } from '../../lint/folder-borders.js';
import { ruleTester } from './rule-tester.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const inFile = (name: string, code: string): { code: string; filename: string } => ({
  code,
  filename: root + name,
});
const breaks = (
  messageId: 'border' | 'types' | 'unknown',
  name: string,
  code: string,
): { code: string; filename: string; errors: { messageId: string }[] } => ({
  ...inFile(name, code),
  errors: [{ messageId }],
});

ruleTester.run('folder-borders', folderBorders, {
  valid: [
    inFile('src/random.ts', 'import { alea } from "seedrandom";'),
    inFile('src/machine/locks/mutex.ts', 'import { Cell } from "../cell.js";'),
    inFile('src/machine/machine.ts', 'import { stepsMax } from "../limits.js";'),
    inFile('src/kernel/v7/fork.ts', 'import { Cell } from "../../machine/index.js";'),
    inFile('src/kernel/v7/index.ts', 'export * from "./fork.js";'),
    inFile('src/trace/json.ts', 'import type { Verdict } from "../machine/verdict.js";'),
    inFile('src/trace/json.ts', 'import { z } from "zod";'),
    inFile('scheduler/strategies/pct.ts', 'import { Random } from "../../src/random.js";'),
    inFile('scenarios/seed-000/a.ts', 'import { linked } from "../../properties/index.js";'),
    inFile('src/index.ts', 'export * from "../scheduler/index.js";'),
    inFile(
      'src/cli/main.ts',
      'import fs from "node:fs"; const { a } = await import("../index.js");',
    ),
    inFile('test/machine/cell.test.ts', 'import { main } from "../../src/cli/main.js";'),
  ],
  invalid: [
    breaks('border', 'src/limits.ts', 'import { Random } from "./random.js";'),
    breaks('border', 'src/machine/cell.ts', 'import type { Task } from "../kernel/task.js";'),
    breaks('border', 'src/machine/cell.ts', 'import { alea } from "seedrandom";'),
    breaks('border', 'src/machine/cell.ts', 'import fs from "fs";'),
    breaks('border', 'src/machine/cell.ts', 'const fs = await import("node:fs");'),
    breaks('border', 'src/machine/cell.ts', 'type Task = import("../kernel/task.js").Task;'),
    breaks('border', 'src/kernel/task.ts', 'import { Cell } from "../machine/cell.js";'),
    breaks('types', 'src/trace/json.ts', 'import { ok } from "../machine/verdict.js";'),
    breaks('types', 'src/trace/json.ts', 'export * from "../machine/verdict.js";'),
    breaks('border', 'scheduler/execution.ts', 'import { Task } from "../src/kernel/task.js";'),
    breaks('border', 'scheduler/execution.ts', 'import { all } from "../scenarios/index.js";'),
    breaks('border', 'properties/links.ts', 'import { pct } from "../scheduler/index.js";'),
    breaks('border', 'scenarios/index.ts', 'import { scenario } from "racewalk";'),
    breaks('border', 'src/index.ts', 'export { main } from "./cli/main.js";'),
    breaks('border', 'scheduler/execution.ts', 'import { run } from "../src/index.js";'),
    breaks('border', 'src/cli/main.ts', 'import { sample } from "../../test/sample.js";'),
    breaks('unknown', 'src/viewer/page.ts', 'import { Cell } from "../machine/cell.js";'),
  ],
});
